namespace Sluice.Core.Crashing;

/// <summary>Names of what the engine does to the world outside its process: <c>WHERE.WHAT</c>. Each is passed by <see cref="CrashPoint"/> before it and after it;
/// where the state in between equals another point's, by one of both.</summary>
public static class SideEffect
{
    /// <summary>A file system's row is added.</summary>
    public const string CatalogAddFileSystem = "catalog.add-file-system";

    /// <summary>A file system's row is changed.</summary>
    public const string CatalogUpdateFileSystem = "catalog.update-file-system";

    /// <summary>A file system is marked for deletion.</summary>
    public const string CatalogBeginDeleteFileSystem = "catalog.begin-delete-file-system";

    /// <summary>A file system's rows are removed.</summary>
    public const string CatalogRemoveFileSystem = "catalog.remove-file-system";

    /// <summary>An association's row is added.</summary>
    public const string CatalogAddAssociation = "catalog.add-association";

    /// <summary>An association's row is changed.</summary>
    public const string CatalogUpdateAssociation = "catalog.update-association";

    /// <summary>An association becomes available and gets its first import.</summary>
    public const string CatalogFinishAssociation = "catalog.finish-association";

    /// <summary>An association's row is removed.</summary>
    public const string CatalogRemoveAssociation = "catalog.remove-association";

    /// <summary>A task's row is added.</summary>
    public const string CatalogAddTask = "catalog.add-task";

    /// <summary>A task's lifecycle changes.</summary>
    public const string CatalogApply = "catalog.apply";

    /// <summary>A running task's counters are written.</summary>
    public const string CatalogRecordProgress = "catalog.record-progress";

    /// <summary>Old tasks' rows are removed.</summary>
    public const string CatalogRemoveEndedTasks = "catalog.remove-ended-tasks";

    /// <summary>Tags are written.</summary>
    public const string CatalogPutTags = "catalog.put-tags";

    /// <summary>Tags are removed.</summary>
    public const string CatalogRemoveTags = "catalog.remove-tags";

    /// <summary>The intent to create a multipart upload is journaled.</summary>
    public const string CatalogAddUpload = "catalog.add-upload";

    /// <summary>A multipart upload's id is journaled.</summary>
    public const string CatalogSetUploadId = "catalog.set-upload-id";

    /// <summary>A multipart upload is taken out of the journal.</summary>
    public const string CatalogRemoveUpload = "catalog.remove-upload";

    /// <summary>A bucket is asked whether it can be used.</summary>
    public const string RepositoryCheckAccess = "repository.check-access";

    /// <summary>An object is asked about.</summary>
    public const string RepositoryHead = "repository.head";

    /// <summary>An object is read.</summary>
    public const string RepositoryGet = "repository.get";

    /// <summary>Objects are listed.</summary>
    public const string RepositoryList = "repository.list";

    /// <summary>An object is written whole.</summary>
    public const string RepositoryPut = "repository.put";

    /// <summary>An object is copied, or given other metadata.</summary>
    public const string RepositoryCopy = "repository.copy";

    /// <summary>An object is removed.</summary>
    public const string RepositoryDelete = "repository.delete";

    /// <summary>A multipart upload is created.</summary>
    public const string RepositoryCreateUpload = "repository.create-upload";

    /// <summary>A part is sent.</summary>
    public const string RepositoryUploadPart = "repository.upload-part";

    /// <summary>A multipart upload becomes an object.</summary>
    public const string RepositoryCompleteUpload = "repository.complete-upload";

    /// <summary>A multipart upload is aborted.</summary>
    public const string RepositoryAbortUpload = "repository.abort-upload";

    /// <summary>The parts of an upload are listed.</summary>
    public const string RepositoryListParts = "repository.list-parts";

    /// <summary>The uploads under way are listed.</summary>
    public const string RepositoryListUploads = "repository.list-uploads";

    /// <summary>An inode gets its record.</summary>
    public const string LedgerWriteRecord = "ledger.write-record";

    /// <summary>An inode gets the address of its data.</summary>
    public const string LedgerWriteAddress = "ledger.write-address";

    /// <summary>An inode loses the address of its data.</summary>
    public const string LedgerRemoveAddress = "ledger.remove-address";

    /// <summary>Everybody is asked about a file from now on.</summary>
    public const string GuardWatch = "guard.watch";

    /// <summary>Nobody is asked about a file any more.</summary>
    public const string GuardUnwatch = "guard.unwatch";

    /// <summary>What many files were given reaches the device.</summary>
    public const string DeviceFlush = "device.flush";

    /// <summary>The data of a file is freed.</summary>
    public const string ReleasePunch = "release.punch";

    /// <summary>A released file gets its times back.</summary>
    public const string ReleaseTimes = "release.times";

    /// <summary>What a restore that died has left in a file is freed.</summary>
    public const string RestorePunch = "restore.punch";

    /// <summary>A piece of a file's data is written.</summary>
    public const string RestoreWrite = "restore.write";

    /// <summary>A restored file gets its times back.</summary>
    public const string RestoreTimes = "restore.times";

    /// <summary>A file that somebody waits for reaches the device.</summary>
    public const string RestoreFlush = "restore.flush";

    /// <summary>A file is made, with no name or a temporary one.</summary>
    public const string ImportCreate = "import.create";

    /// <summary>A file without data gets its name.</summary>
    public const string ImportLink = "import.link";

    /// <summary>A file without data gets a temporary name.</summary>
    public const string ImportLinkTemporary = "import.link-temporary";

    /// <summary>A temporary name takes another's place.</summary>
    public const string ImportRename = "import.rename";

    /// <summary>A temporary name is removed.</summary>
    public const string ImportUnlink = "import.unlink";

    /// <summary>A symlink is made.</summary>
    public const string ImportSymlink = "import.symlink";

    /// <summary>A directory is made.</summary>
    public const string ImportDirectory = "import.directory";

    /// <summary>What already has its name gets its owner, its mode or its times.</summary>
    public const string ImportAttributes = "import.attributes";

    /// <summary>A task's spool of failures is opened, and emptied unless the task is canceled.</summary>
    public const string SpoolOpen = "spool.open";

    /// <summary>Rows of failures reach the kernel.</summary>
    public const string SpoolWrite = "spool.write";

    /// <summary>A task's spool of failures is removed.</summary>
    public const string SpoolRemove = "spool.remove";

    /// <summary>A completion report is written.</summary>
    public const string ReportWrite = "report.write";
}
