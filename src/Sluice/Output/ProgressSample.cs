namespace Sluice.CommandLine.Output;

/// <summary>A task's state at one moment.</summary>
/// <param name="State">Lifecycle as the API spells it.</param>
/// <param name="Done">Files done.</param>
/// <param name="Failed">Files failed.</param>
/// <param name="Total">Files found.</param>
/// <param name="Bytes">Bytes done and found; null when not known.</param>
internal readonly record struct ProgressSample(string State, long Done, long Failed, long Total, (long Done, long Total)? Bytes)
{
    /// <summary>Whether nothing follows.</summary>
    public bool IsEnded => State is "SUCCEEDED" or "FAILED" or "CANCELED";

    /// <summary>Files that need no more work.</summary>
    public long Settled => Done + Failed;

    /// <summary>What is done of what is known, 0 to 1: by bytes where they are known.</summary>
    public double Share => this switch
    {
        { Bytes: { Total: > 0 } bytes } => Math.Min(1, (double)bytes.Done / bytes.Total),
        { Total: > 0 } => Math.Min(1, (double)Settled / Total),
        _ => 0,
    };

    /// <summary>Files, bytes and failures in words.</summary>
    public override string ToString()
    {
        var text = $"{Format.Count(Settled)}/{Format.Count(Total)} files";
        if (Bytes is var (done, total)) text += $"  {Format.Bytes(done)}/{Format.Bytes(total)}";
        return Failed > 0 ? $"{text}  {Format.Count(Failed)} failed" : text;
    }
}
