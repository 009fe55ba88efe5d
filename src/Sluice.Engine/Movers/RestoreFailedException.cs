using Sluice.Core.Files;

namespace Sluice.Engine.Movers;

/// <summary>A released file's data can't be brought back, for a reason that is the object's, the ledger's or the file's. The file stays released.</summary>
/// <param name="message">Why, and what to do about it.</param>
/// <param name="code">For a completion report.</param>
public sealed class RestoreFailedException(string message, FailureCode code = FailureCode.S3Error) : Exception(message)
{
    /// <summary>For a completion report.</summary>
    public FailureCode Code { get; } = code;

    /// <summary>Whether what came is not what was stored: on its way something may have changed it.</summary>
    public bool IsSpoiled { get; init; }
}
