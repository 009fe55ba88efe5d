using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.CommandLine.Configuration;

/// <summary>The server's configuration file: JSON with comments, see docs/CONFIGURATION.md. Members that are not known are errors: a misspelt
/// setting must not be ignored.</summary>
internal sealed record ConfigurationFile
{
    public string? Region { get; init; }

    public string? Partition { get; init; }

    public string? AccountId { get; init; }

    public string? DnsSuffix { get; init; }

    public IReadOnlyList<string> AllowRoots { get; init; } = [];

    public int? TaskQueueLength { get; init; }

    public int? TaskRetentionDays { get; init; }

    public bool StrictTasks { get; init; }

    public IReadOnlyList<BucketRule> Buckets { get; init; } = [];

    public IReadOnlyList<PrincipalRule> Principals { get; init; } = [];

    public EngineRule Engine { get; init; } = new();

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="UsageException">Names the file, the line and the key.</exception>
    public static ConfigurationFile Load(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), ConfigurationJson.Default.ConfigurationFile)
                ?? throw new UsageException($"{path}: the configuration is null; expected a JSON object.");
            file.Check(path);
            return file;
        }
        catch (JsonException e)
        {
            // The serializer counts lines from 0.
            throw new UsageException($"{path}:{(e.LineNumber ?? 0) + 1}: key '{e.Path}': {Reason(e)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The configuration can't be read: {e.Message}");
        }
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private void Check(string path)
    {
        Require(path, "accountId", AccountId, AccountId is null || (AccountId.Length == 12 && AccountId.All(char.IsAsciiDigit)), "12 digits");
        Require(path, "taskQueueLength", TaskQueueLength, TaskQueueLength is null or (>= 1 and <= 10_000), "1 to 10000");
        Require(path, "taskRetentionDays", TaskRetentionDays, TaskRetentionDays is null or (>= 1 and <= 3650), "1 to 3650");
        foreach (var (index, root) in AllowRoots.Index()) Require(path, $"allowRoots[{index}]", root, Path.IsPathFullyQualified(root), "an absolute path");
        foreach (var (index, rule) in Buckets.Index())
        {
            Require(path, $"buckets[{index}].bucket", rule.Bucket, rule.Bucket is { Length: > 0 }, "a bucket name or pattern");
            Require(path, $"buckets[{index}]", null, (rule.S3 is null) != (rule.Directory is null), "either s3 or directory");
            Require(path, $"buckets[{index}].directory", rule.Directory, rule.Directory is null || Path.IsPathFullyQualified(rule.Directory), "an absolute path");
            Require(
                path, $"buckets[{index}].s3.url", rule.S3?.Url,
                rule.S3?.Url is null || (Uri.TryCreate(rule.S3.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"), "a URL http:// or https://");
        }

        foreach (var (index, principal) in Principals.Index())
        {
            Require(path, $"principals[{index}].name", principal.Name, principal.Name is { Length: > 0 }, "a name");
            Require(path, $"principals[{index}].accessKeyId", principal.AccessKeyId, principal.AccessKeyId is { Length: >= 3 }, "at least 3 characters");
            Require(path, $"principals[{index}].secretAccessKey", null, principal.SecretAccessKey is { Length: >= 16 }, "at least 16 characters");
            foreach (var (number, pattern) in principal.Allow.Index())
                Require(path, $"principals[{index}].allow[{number}]", pattern, pattern == "*" || pattern.StartsWith("fsx:", StringComparison.Ordinal), "fsx:OPERATION, with * for any characters");
        }

        var repeated = Principals.GroupBy(principal => principal.AccessKeyId, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        Require(path, "principals", repeated?.Key, repeated is null, "each accessKeyId once");
    }

    private static void Require(string path, string key, object? value, bool valid, string expected)
    {
        if (!valid) throw new UsageException($"{path}: key '{key}'{(value is null ? "" : $" is '{value}'")}: expected {expected}.");
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
}

/// <summary>A caller.</summary>
internal sealed record PrincipalRule
{
    public string? Name { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public IReadOnlyList<string> Allow { get; init; } = [];
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
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(ConfigurationFile))]
internal sealed partial class ConfigurationJson : JsonSerializerContext;
