using Sluice.Catalog;
using Sluice.Core;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.ConformanceTests.Catalog;

/// <summary>Resources to put into a catalog; the number tells them apart, and a greater one is newer by a second.</summary>
internal static class CatalogSamples
{
    public const string Operation = "CreateSomething";

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public static FileSystem FileSystem(int number = 1) => new()
    {
        Id = FileSystemId.Parse($"fs-0{number:x16}"),
        Lifecycle = FileSystemLifecycle.Available,
        RootPath = $"/srv/données/{number}",
        Adopted = true,
        Settings = """{"StorageCapacity":1200,"Note":"quote \" and ünï 🙂"}""",
        CreationTime = Start.AddSeconds(number),
        FailureMessage = "why 'not'; --",
        Tags = [new ResourceTag("a", ""), new ResourceTag("b", "two words")],
    };

    public static DataRepositoryAssociation Association(int number = 1, FileSystem? of = null) => new()
    {
        Id = AssociationId.Parse($"dra-0{number:x16}"),
        FileSystemId = (of ?? FileSystem()).Id,
        Lifecycle = AssociationLifecycle.Creating,
        FileSystemPath = $"/projects/{number}/",
        DataRepositoryPath = $"s3://bucket/prefix-{number}",
        BatchImportMetaDataOnCreate = true,
        ImportedFileChunkSizeMiB = 512_000,
        AutoImportEvents = ["NEW", "CHANGED"],
        AutoExportEvents = ["DELETED"],
        HasS3Configuration = true,
        DeleteDataInFileSystem = true,
        CreationTime = Start.AddSeconds(number),
        FailureMessage = "why not",
        Tags = [new ResourceTag("team", "a/b=c")],
    };

    public static RepositoryTask Task(int number = 1, FileSystem? of = null) => new()
    {
        Id = TaskId.Parse($"task-0{number:x16}"),
        FileSystemId = (of ?? FileSystem()).Id,
        Type = TaskType.Export,
        Lifecycle = TaskLifecycle.Pending,
        Paths = ["", "a b/ü", "s3://x/\"quoted\""],
        Report = new CompletionReport { Enabled = true, Path = "s3://bucket/r", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
        ReleaseAgeDays = long.MaxValue,
        CreationTime = Start.AddSeconds(number),
        Tags = [new ResourceTag("k", "v")],
    };

    public static RequestToken Token(string resourceId, string token = "token-1", string operation = Operation) =>
        new(operation, token, resourceId, $$"""{"For":"{{resourceId}}"}""", Start);

    public static TransitionDetails At(int second) => new(Start.AddSeconds(second));
}
