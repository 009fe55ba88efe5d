namespace Sluice.SystemTests.Hydration;

/// <summary>What a <see cref="HydrationRig"/> is made of.</summary>
internal sealed record HydrationOptions
{
    /// <summary>ext4, xfs or btrfs.</summary>
    public required string Kind { get; init; }

    /// <summary>Where the data goes; by default a bucket in a directory.</summary>
    public string RepositoryPath { get; init; } = "s3://hydration-bucket/data";

    /// <summary>Variables for the server, such as the S3 server's address and keys.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } =
        new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = null, ["AWS_ENDPOINT_URL"] = null };

    /// <summary>Whether the server restores files itself; else the test starts a worker.</summary>
    public bool HasHydrator { get; init; } = true;

    /// <summary>Where the disk's image lies; null for a directory for such.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>Files in flight.</summary>
    public int Concurrency { get; init; } = 16;
}
