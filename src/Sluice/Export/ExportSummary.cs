using System.Text.Json.Serialization;
using Sluice.CommandLine.Output;
using Sluice.Core.Tasks;

namespace Sluice.CommandLine.Export;

/// <summary>How an export without a server ended; <c>sluice export --json</c> prints it. Members that do not apply are left out.</summary>
internal sealed record ExportSummary
{
    /// <summary>SUCCEEDED, FAILED or CANCELED.</summary>
    public required string Lifecycle { get; init; }

    /// <summary>The directory.</summary>
    public required string Source { get; init; }

    /// <summary>The bucket and prefix.</summary>
    public required string Target { get; init; }

    /// <summary>When it began, ISO 8601.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>Files that were new or changed.</summary>
    public required long TotalCount { get; init; }

    /// <summary>Files exported.</summary>
    public required long SucceededCount { get; init; }

    /// <summary>Files that failed.</summary>
    public required long FailedCount { get; init; }

    /// <summary>Bytes of the files exported.</summary>
    public required long SucceededBytes { get; init; }

    /// <summary>Why it failed.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>File with a row <c>path,failed,code</c> for each failed file.</summary>
    public string? FailuresFile { get; init; }

    /// <summary>The summary of an ended task.</summary>
    public static ExportSummary Of(RepositoryTask task, ExportRequest request, string? failures)
    {
        var progress = task.Progress ?? default;
        return new ExportSummary
        {
            Lifecycle = task.Lifecycle.ToString().ToUpperInvariant(),
            Source = request.Source,
            Target = request.Target.ToString(),
            StartTime = task.StartTime,
            EndTime = task.EndTime,
            TotalCount = progress.TotalCount,
            SucceededCount = progress.SucceededCount,
            FailedCount = progress.FailedCount,
            SucceededBytes = progress.SucceededBytes,
            FailureMessage = failures is null ? task.FailureMessage : task.FailureMessage?.Replace(" See the completion report.", "", StringComparison.Ordinal),
            FailuresFile = failures,
        };
    }

    /// <summary>Prints it: data on standard output, what is wrong on standard error.</summary>
    public void Print(CommandContext context, bool json)
    {
        if (json)
        {
            Printer.Json(context, this, ExportJson.Default.ExportSummary);
            return;
        }

        var time = Format.Span((EndTime - StartTime) ?? default);
        context.Out.WriteLine(
            $"{Lifecycle}: {Format.Files(SucceededCount)} exported, {Format.Count(FailedCount)} failed, {Format.Bytes(SucceededBytes)} in {time}");
        if (FailureMessage is not null) context.Error.WriteLine(Format.Name(FailureMessage));
        if (FailuresFile is not null) context.Error.WriteLine($"The failed files are listed in {Format.Name(FailuresFile)}");
    }
}

/// <summary>JSON of <see cref="ExportSummary"/>.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportSummary))]
internal sealed partial class ExportJson : JsonSerializerContext;
