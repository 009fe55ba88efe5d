using Sluice.Engine.Runs;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>What a mover makes of an error: a row of the report, and a sign of how file system and repository are.</summary>
internal static class MoverFailures
{
    /// <summary>A system call failed.</summary>
    public static MoveResult Fail(this TaskContext context, PosixException error)
    {
        context.Health.Report(error);
        return MoveResult.Failed(FailureCodes.Of(error.Errno), error.Message);
    }

    /// <summary>The repository failed.</summary>
    public static MoveResult Fail(this TaskContext context, RepositoryException error)
    {
        context.Health.Report(error);
        return MoveResult.Failed(FailureCodes.Of(error.Code), error.Message);
    }
}
