namespace Sluice.Repositories.Resolving;

/// <summary>Which repository each bucket has. The first rule whose pattern fits decides; without one, <see cref="S3"/>; without that,
/// <see cref="DefaultDirectory"/>.</summary>
public sealed record RepositoryOptions
{
    /// <summary>Rules in order.</summary>
    public IReadOnlyList<RepositoryRule> Rules { get; init; } = [];

    /// <summary>The endpoint of all other buckets; null when there is none.</summary>
    public S3Endpoint? S3 { get; init; }

    /// <summary>Directory that holds a directory for each of the other buckets.</summary>
    public required string DefaultDirectory { get; init; }

    /// <summary>How failures are tried again.</summary>
    public RetryOptions Retry { get; init; } = new();
}

/// <summary>One rule.</summary>
public sealed record RepositoryRule
{
    /// <summary>Bucket name; <c>*</c> stands for any characters, <c>?</c> for one.</summary>
    public required string Bucket { get; init; }

    /// <summary>The endpoint; null for a directory.</summary>
    public S3Endpoint? S3 { get; init; }

    /// <summary>Directory that holds a directory for each bucket; null for an endpoint.</summary>
    public string? Directory { get; init; }
}

/// <summary>An S3 endpoint and how to talk to it.</summary>
public sealed record S3Endpoint
{
    /// <summary>URL; null for AWS itself.</summary>
    public string? Url { get; init; }

    /// <summary>Region for signatures and, without a URL, for the host; null for the environment's.</summary>
    public string? Region { get; init; }

    /// <summary>Profile in the shared credentials file; null for the environment's credentials (the SDK's usual chain).</summary>
    public string? Profile { get; init; }

    /// <summary>Whether the bucket is in the path instead of the host name; null: yes with a URL, no without.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Connections at most; default 256.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Longest wait without a byte in either direction before a request counts as lost and is tried again; default 100 s. Too small: requests that
    /// a busy endpoint thinks about are given up and done twice. Too large: a dead connection holds its file up for as long.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(100);
}
