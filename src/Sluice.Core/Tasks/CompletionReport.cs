namespace Sluice.Core.Tasks;

/// <summary>Where a task writes its completion report (Smithy shape <c>CompletionReport</c>), as the caller gave it.</summary>
public sealed record CompletionReport
{
    /// <summary>Whether a report is wanted.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Absolute <c>s3://</c> path inside a linked repository; null when disabled.</summary>
    public string? Path { get; init; }

    /// <summary><c>REPORT_CSV_20191124</c>; null when not given.</summary>
    public string? Format { get; init; }

    /// <summary><c>FAILED_FILES_ONLY</c>; null when not given.</summary>
    public string? Scope { get; init; }
}
