using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>Brings back the data of the files of a restore task. One that somebody else restored meanwhile is done as well.</summary>
internal sealed class TaskRestorer(TaskContext context, RestoreCoordinator restores) : IMover<ScanEntry>
{
    /// <inheritdoc/>
    public async Task<MoveResult> MoveAsync(ScanEntry entry, StartPermit permit, CancellationToken cancellationToken)
    {
        if (entry.Error is { } error) return context.Fail(error);
        try
        {
            using var file = RegularFiles.TryOpen(context.Root, entry.Path, OpenFlags.ReadWrite, out _);
            if (file is null) return MoveResult.Failed(FailureCode.ResourceBusy, "It is no regular file any more.");
            var target = new RestoreTarget(context.Files.Guard, context.Ledger, file);
            await restores.RestoreInBatchAsync(target, permit, context.TaskTag, cancellationToken);
            permit.BeginOrThrow();
            permit.Begun();
            return MoveResult.Done;
        }
        catch (RestoreFailedException e)
        {
            return MoveResult.Failed(e.Code, e.Message);
        }
        catch (PosixException e)
        {
            return context.Fail(e);
        }
        catch (RepositoryException e)
        {
            return context.Fail(e);
        }
    }
}
