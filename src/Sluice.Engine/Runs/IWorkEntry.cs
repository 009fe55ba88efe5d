namespace Sluice.Engine.Runs;

/// <summary>One entry a task acts on.</summary>
internal interface IWorkEntry
{
    /// <summary>Its path for the completion report, relative to the file system's root.</summary>
    ReadOnlyMemory<byte> ReportPath { get; }

    /// <summary>Content bytes for the counters.</summary>
    long SizeBytes { get; }

    /// <summary>Whether it is counted in TotalCount already; otherwise a mover has to look closer first.</summary>
    bool IsCounted { get; set; }
}
