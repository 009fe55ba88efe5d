using Sluice.Engine;

namespace Sluice.CommandLine.Configuration;

/// <summary>What a configuration file that parses must fulfil besides.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="lines">Where its keys are.</param>
internal sealed class ConfigurationRules(string path, KeyLines lines)
{
    /// <summary>Checks all of a file.</summary>
    /// <exception cref="UsageException">Names file, line, key, value and what is expected.</exception>
    public void Check(ConfigurationFile file)
    {
        Require("accountId", file.AccountId, file.AccountId is null || (file.AccountId.Length == 12 && file.AccountId.All(char.IsAsciiDigit)), "12 digits");
        RequireRange("taskQueueLength", file.TaskQueueLength, 1, 10_000);
        RequireRange("taskRetentionDays", file.TaskRetentionDays, 1, 3650);
        foreach (var (index, root) in file.AllowRoots.Index()) Require($"allowRoots[{index}]", root, Path.IsPathFullyQualified(root), "an absolute path");
        foreach (var (index, rule) in file.Buckets.Index()) Check($"buckets[{index}]", rule);
        foreach (var (index, principal) in file.Principals.Index()) Check($"principals[{index}]", principal);
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var (index, principal) in file.Principals.Index())
            Require($"principals[{index}].accessKeyId", principal.AccessKeyId, seen.Add(principal.AccessKeyId), "an id no other principal has");
        RequireRange("hydrator.stallSeconds", file.Hydrator.StallSeconds, 1, 3600);
        Check(file.Engine);
    }

    private void Check(string key, BucketRule rule)
    {
        Require($"{key}.bucket", rule.Bucket, rule.Bucket is { Length: > 0 }, "a bucket name or pattern");
        Require(key, null, (rule.S3 is null) != (rule.Directory is null), "either s3 or directory");
        Require($"{key}.directory", rule.Directory, rule.Directory is null || Path.IsPathFullyQualified(rule.Directory), "an absolute path");
        Require($"{key}.s3.url", rule.S3?.Url, rule.S3?.Url is not { } text || IsHttpUrl(text), "a URL http:// or https://");
        RequireRange($"{key}.s3.connections", rule.S3?.Connections, 1, 4096);
        RequireRange($"{key}.s3.stallSeconds", rule.S3?.StallSeconds, 1, 3600);
    }

    private void Check(string key, PrincipalRule principal)
    {
        Require($"{key}.name", principal.Name, principal.Name is { Length: > 0 }, "a name");
        Require($"{key}.accessKeyId", principal.AccessKeyId, principal.AccessKeyId is { Length: >= 3 }, "at least 3 characters");
        Require($"{key}.secretAccessKey", null, principal.SecretAccessKey is { Length: >= 16 }, "at least 16 characters");
        foreach (var (number, pattern) in principal.Allow.Index())
        {
            Require(
                $"{key}.allow[{number}]", pattern,
                pattern == "*" || pattern.StartsWith("fsx:", StringComparison.Ordinal) || pattern.StartsWith("sluice:", StringComparison.Ordinal),
                "fsx:OPERATION or sluice:OPERATION, with * for any characters");
        }
    }

    /// <summary>The ranges of <see cref="EngineOptions"/> in the file's own units.</summary>
    private void Check(EngineRule engine)
    {
        var defaults = new EngineOptions { WorkDirectory = "/" };
        RequireRange("engine.concurrency", engine.Concurrency, 1, 1024);
        RequireRange("engine.multipartThresholdMiB", engine.MultipartThresholdMiB, 5, 1024);
        RequireRange("engine.partSizeMiB", engine.PartSizeMiB, 5, 1024);
        RequireRange("engine.partsInParallel", engine.PartsInParallel, 1, 64);
        var largest = Math.Max(
            engine.MultipartThresholdMiB ?? (defaults.MultipartThresholdBytes >> 20), engine.PartSizeMiB ?? (defaults.PartSizeBytes >> 20));
        var buffer = engine.BufferMiB ?? (defaults.BufferBytes >> 20);
        Require("engine.bufferMiB", buffer, buffer >= largest && buffer <= 1 << 20, $"{largest} (multipartThresholdMiB, partSizeMiB) to 1048576");
    }

    private static bool IsHttpUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private void RequireRange(string key, int? value, int low, int high) => Require(key, value, value is null || (value >= low && value <= high), $"{low} to {high}");

    private void Require(string key, object? value, bool valid, string expected)
    {
        if (!valid) throw new UsageException($"{path}:{lines.Of(key)}: key '{key}'{(value is null ? "" : $" is '{value}'")}; expected {expected}.");
    }
}
