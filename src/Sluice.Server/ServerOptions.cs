namespace Sluice.Server;

/// <summary>How the server presents itself and what it allows.</summary>
public sealed record ServerOptions
{
    /// <summary>Directory with everything the server owns: catalog, credentials, buckets, file systems.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Region in ARNs and host names; callers may sign for any region.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Partition in ARNs: <c>aws</c>, <c>aws-cn</c>, <c>aws-us-gov</c>.</summary>
    public string Partition { get; init; } = "aws";

    /// <summary>Account id, 12 digits.</summary>
    public string AccountId { get; init; } = "000000000000";

    /// <summary>End of a file system's DNSName.</summary>
    public string DnsSuffix { get; init; } = "amazonaws.com";

    /// <summary>Directories beneath which existing directories may be adopted as file systems; none by default.</summary>
    public IReadOnlyList<string> AllowRoots { get; init; } = [];

    /// <summary>Tasks of one file system that may wait in PENDING; default 100.</summary>
    public int TaskQueueLength { get; init; } = 100;

    /// <summary>How long ended tasks stay visible; default 14 days.</summary>
    public TimeSpan TaskRetention { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Refuses a task while another one of the file system is under way, instead of queueing it.</summary>
    public bool StrictTasks { get; init; }

    /// <summary>Where file systems are made that adopt no directory.</summary>
    public string FileSystemsDirectory => Path.Combine(DataDirectory, "filesystems");
}
