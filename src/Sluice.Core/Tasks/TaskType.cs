namespace Sluice.Core.Tasks;

/// <summary>What a task does (Smithy enum <c>DataRepositoryTaskType</c>).</summary>
public enum TaskType
{
    /// <summary>EXPORT_TO_REPOSITORY: new and changed files go to the repository.</summary>
    Export,

    /// <summary>IMPORT_METADATA_FROM_REPOSITORY: objects appear as files without data.</summary>
    ImportMetadata,

    /// <summary>RELEASE_DATA_FROM_FILESYSTEM: data of archived files is dropped.</summary>
    Release,

    /// <summary>AUTO_RELEASE_DATA: a release the service started itself; it can't be canceled by a caller.</summary>
    AutoRelease,

    /// <summary>RESTORE_DATA_TO_FILESYSTEM: the data of released files is brought back. Not of the FSx API, which has no such type: known to Sluice's own
    /// command line only.</summary>
    Restore,
}
