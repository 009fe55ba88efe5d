using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.CommandLine.Configuration;

/// <summary>The server's configuration file: JSON with comments, see docs/CONFIGURATION.md. Members that are not known are errors: a misspelt
/// setting must not be ignored. The serializer sets members that are absent to null, so those that must not be null say so themselves.</summary>
internal sealed record ConfigurationFile
{
    public string? Region { get; init; }

    public string? Partition { get; init; }

    public string? AccountId { get; init; }

    public string? DnsSuffix { get; init; }

    public IReadOnlyList<string> AllowRoots { get; init => field = value ?? []; } = [];

    public int? TaskQueueLength { get; init; }

    public int? TaskRetentionDays { get; init; }

    public bool StrictTasks { get; init; }

    public IReadOnlyList<BucketRule> Buckets { get; init => field = value ?? []; } = [];

    public IReadOnlyList<PrincipalRule> Principals { get; init => field = value ?? []; } = [];

    public HydratorRule Hydrator { get; init => field = value ?? new(); } = new();

    public EngineRule Engine { get; init => field = value ?? new(); } = new();

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="UsageException">Names the file, the line and the key.</exception>
    public static ConfigurationFile Load(string path)
    {
        var json = Read(path);
        try
        {
            var file = JsonSerializer.Deserialize(json, ConfigurationJson.Default.ConfigurationFile)
                ?? throw new UsageException($"{path}:1: the configuration is null; expected an object {{ }}.");
            new ConfigurationRules(path, KeyLines.Read(json)).Check(file);
            return file;
        }
        catch (JsonException e)
        {
            // The serializer counts lines from 0, and calls the whole text '$'.
            var key = e.Path is { Length: > 2 } at ? $"key '{at[2..]}': " : "";
            throw new UsageException($"{path}:{(e.LineNumber ?? 0) + 1}: {key}{Reason(e)}");
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration can't be read: {e.Message}");
        }
    }

    /// <summary>What is wrong, in the words of the file and not of this program's types.</summary>
    private static string Reason(JsonException e)
    {
        var text = e.Message.Split(" Path: ")[0];
        if (text.Contains("could not be mapped", StringComparison.Ordinal)) return "there is no such setting.";
        if (text.Contains("Duplicate", StringComparison.OrdinalIgnoreCase)) return "it is there twice.";
        if (!text.Contains("could not be converted", StringComparison.Ordinal)) return text;

        // Of a value of the wrong kind only the reader's own complaint tells which kind it wanted.
        var wanted = $"{e.InnerException?.Message} {text}";
        return wanted switch
        {
            _ when wanted.Contains("number", StringComparison.Ordinal) || wanted.Contains("Int32", StringComparison.Ordinal) => "expected a whole number.",
            _ when wanted.Contains("boolean", StringComparison.OrdinalIgnoreCase) => "expected true or false.",
            _ when wanted.Contains("IReadOnlyList", StringComparison.Ordinal) => "expected a list [ ].",
            _ when wanted.Contains("string", StringComparison.OrdinalIgnoreCase) => "expected a text in quotes.",
            _ => "expected an object { }.",
        };
    }
}

/// <summary>Where buckets of a pattern are.</summary>
internal sealed record BucketRule
{
    public string? Bucket { get; init; }

    public string? Directory { get; init; }

    public S3Rule? S3 { get; init; }
}

/// <summary>An S3 endpoint.</summary>
internal sealed record S3Rule
{
    public string? Url { get; init; }

    public string? Region { get; init; }

    public string? Profile { get; init; }

    public bool? PathStyle { get; init; }

    public int? Connections { get; init; }

    public int? StallSeconds { get; init; }
}

/// <summary>A caller.</summary>
internal sealed record PrincipalRule
{
    public string? Name { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public IReadOnlyList<string> Allow { get; init => field = value ?? []; } = [];
}

/// <summary>How released files are restored on access.</summary>
internal sealed record HydratorRule
{
    public bool? Enabled { get; init; }

    public bool GuardShared { get; init; }

    public int? StallSeconds { get; init; }
}

/// <summary>The engine's limits.</summary>
internal sealed record EngineRule
{
    public int? Concurrency { get; init; }

    public int? BufferMiB { get; init; }

    public int? MultipartThresholdMiB { get; init; }

    public int? PartSizeMiB { get; init; }

    public int? PartsInParallel { get; init; }
}

/// <summary>JSON of the configuration.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(ConfigurationFile))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
