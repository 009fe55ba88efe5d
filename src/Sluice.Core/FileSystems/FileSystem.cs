using Sluice.Core.Ids;

namespace Sluice.Core.FileSystems;

/// <summary>A file system: a real directory with the description callers gave it.</summary>
public sealed record FileSystem
{
    /// <summary>Its id.</summary>
    public required FileSystemId Id { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required FileSystemLifecycle Lifecycle { get; init; }

    /// <summary>Absolute path of its root directory on this machine.</summary>
    public required string RootPath { get; init; }

    /// <summary>Whether the directory existed before and is only borrowed; deleting the file system then leaves it as it is.</summary>
    public required bool Adopted { get; init; }

    /// <summary>What the caller configured (capacity, Lustre configuration, network), stored and echoed: JSON whose form
    /// belongs to the operations; nothing beneath them looks inside.</summary>
    public required string Settings { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreationTime { get; init; }

    /// <summary>Why it FAILED or is MISCONFIGURED, at most 256 characters.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>Tags, in no particular order.</summary>
    public IReadOnlyList<ResourceTag> Tags { get; init; } = [];
}
