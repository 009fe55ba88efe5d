using Sluice.Core.Ids;

namespace Sluice.Core.Associations;

/// <summary>A link between a directory of a file system and a prefix of a bucket.</summary>
public sealed record DataRepositoryAssociation
{
    /// <summary>Its id.</summary>
    public required AssociationId Id { get; init; }

    /// <summary>The file system it belongs to.</summary>
    public required FileSystemId FileSystemId { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required AssociationLifecycle Lifecycle { get; init; }

    /// <summary>Directory in the file system, with a leading slash, exactly as the caller gave it.</summary>
    public required string FileSystemPath { get; init; }

    /// <summary><c>s3://bucket[/prefix[/]]</c>, exactly as the caller gave it.</summary>
    public required string DataRepositoryPath { get; init; }

    /// <summary>Whether creation starts an import task.</summary>
    public required bool BatchImportMetaDataOnCreate { get; init; }

    /// <summary>MiB, 1 to 512,000; stored and echoed, without meaning on a POSIX file system.</summary>
    public required int ImportedFileChunkSizeMiB { get; init; }

    /// <summary>Events of the automatic import policy in the caller's order; null when there is no policy.</summary>
    public IReadOnlyList<string>? AutoImportEvents { get; init; }

    /// <summary>Events of the automatic export policy in the caller's order; null when there is no policy.</summary>
    public IReadOnlyList<string>? AutoExportEvents { get; init; }

    /// <summary>Whether the caller gave an S3 configuration block at all.</summary>
    public bool HasS3Configuration { get; init; }

    /// <summary>While deleting: whether the directory's contents go too.</summary>
    public bool DeleteDataInFileSystem { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreationTime { get; init; }

    /// <summary>Why it is MISCONFIGURED or FAILED, at most 256 characters.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>Tags, in no particular order.</summary>
    public IReadOnlyList<ResourceTag> Tags { get; init; } = [];
}
