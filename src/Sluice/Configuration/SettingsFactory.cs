using System.Net;
using Sluice.Engine;
using Sluice.Hydrator;
using Sluice.Repositories.Resolving;
using Sluice.Server;
using Sluice.Server.Security;

namespace Sluice.CommandLine.Configuration;

/// <summary>Puts command line, environment and configuration file together.</summary>
internal static class SettingsFactory
{
    /// <summary>Settings of a server.</summary>
    public static ServerSettings Make(
        CommandContext context, ConfigurationFile file, string data, IPEndPoint listen, string? s3Endpoint, IEnumerable<string> allowRoots,
        bool guardShared, bool noHydrator)
    {
        var defaults = new ServerOptions { DataDirectory = data };
        return new ServerSettings
        {
            Listen = listen,
            Server = defaults with
            {
                Region = file.Region ?? context.Variable("AWS_REGION") ?? context.Variable("AWS_DEFAULT_REGION") ?? defaults.Region,
                Partition = file.Partition ?? defaults.Partition,
                AccountId = file.AccountId ?? defaults.AccountId,
                DnsSuffix = file.DnsSuffix ?? defaults.DnsSuffix,
                AllowRoots = [.. file.AllowRoots, .. allowRoots.Select(Path.GetFullPath)],
                TaskQueueLength = file.TaskQueueLength ?? defaults.TaskQueueLength,
                TaskRetention = file.TaskRetentionDays is { } days ? TimeSpan.FromDays(days) : defaults.TaskRetention,
                StrictTasks = file.StrictTasks,
            },
            Repositories = Repositories(context, file, Path.Combine(data, "buckets"), s3Endpoint),
            Engine = Engine(file.Engine, Path.Combine(data, "tasks")),
            Hydrator = Hydrator(file, data, guardShared),
            RestoresOnAccess = !noHydrator && file.Hydrator.Enabled is not false,
            Principals = [.. file.Principals.Select(principal => new Principal
            {
                Name = principal.Name!, AccessKeyId = principal.AccessKeyId!, SecretAccessKey = principal.SecretAccessKey!, Allow = principal.Allow,
            })],
        };
    }

    /// <summary>Where buckets are: the file's rules, then an S3 endpoint given or in the environment, then directories.</summary>
    public static RepositoryOptions Repositories(CommandContext context, ConfigurationFile file, string defaultDirectory, string? s3Endpoint)
    {
        var url = s3Endpoint ?? context.Variable("AWS_ENDPOINT_URL_S3") ?? context.Variable("AWS_ENDPOINT_URL");
        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")))
            throw new UsageException($"The S3 endpoint '{url}' is not a URL; expected http://HOST:PORT or https://HOST.");
        return new RepositoryOptions
        {
            DefaultDirectory = defaultDirectory,
            S3 = url is null ? null : new S3Endpoint { Url = url, Region = context.Variable("AWS_REGION") ?? context.Variable("AWS_DEFAULT_REGION") },
            Rules = [.. file.Buckets.Select(rule => new RepositoryRule { Bucket = rule.Bucket!, Directory = rule.Directory, S3 = Endpoint(rule.S3) })],
        };
    }

    /// <summary>How files are guarded and restored.</summary>
    public static HydratorOptions Hydrator(ConfigurationFile file, string data, bool guardShared, int? stallSeconds = null)
    {
        var defaults = new HydratorOptions { DataDirectory = data };
        if (stallSeconds is { } given and not (>= 1 and <= 3600)) throw new UsageException($"--stall-seconds is '{given}'; expected 1 to 3600.");
        return defaults with
        {
            GuardShared = guardShared || file.Hydrator.GuardShared,
            StallTimeout = (stallSeconds ?? file.Hydrator.StallSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.StallTimeout,
        };
    }

    /// <summary>The engine's options; its own files go to <paramref name="workDirectory"/>.</summary>
    public static EngineOptions Engine(EngineRule rule, string workDirectory)
    {
        var defaults = new EngineOptions { WorkDirectory = workDirectory };
        var options = defaults with
        {
            Concurrency = rule.Concurrency ?? defaults.Concurrency,
            BufferBytes = rule.BufferMiB is { } buffer ? (long)buffer << 20 : defaults.BufferBytes,
            MultipartThresholdBytes = rule.MultipartThresholdMiB is { } threshold ? (long)threshold << 20 : defaults.MultipartThresholdBytes,
            PartSizeBytes = rule.PartSizeMiB is { } part ? part << 20 : defaults.PartSizeBytes,
            PartsInParallel = rule.PartsInParallel ?? defaults.PartsInParallel,
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static S3Endpoint? Endpoint(S3Rule? rule)
    {
        if (rule is null) return null;
        var endpoint = new S3Endpoint { Url = rule.Url, Region = rule.Region, Profile = rule.Profile, PathStyle = rule.PathStyle };
        return endpoint with
        {
            Connections = rule.Connections ?? endpoint.Connections,
            StallLimit = rule.StallSeconds is { } stall ? TimeSpan.FromSeconds(stall) : endpoint.StallLimit,
        };
    }
}
