using System.Collections.Frozen;
using Sluice.Core.Associations;
using Sluice.Core.FileSystems;
using Sluice.Core.Tasks;

namespace Sluice.Catalog.Sqlite;

/// <summary>Enums as they stand in rows: the upper-case words of the wire, never ordinals.</summary>
internal static class Words
{
    private static readonly FrozenDictionary<string, TaskLifecycle> TaskLifecycles = Map<TaskLifecycle>();
    private static readonly FrozenDictionary<string, AssociationLifecycle> AssociationLifecycles = Map<AssociationLifecycle>();
    private static readonly FrozenDictionary<string, FileSystemLifecycle> FileSystemLifecycles = Map<FileSystemLifecycle>();
    private static readonly FrozenDictionary<string, TaskType> TaskTypes = Enum.GetValues<TaskType>().ToFrozenDictionary(Of);

    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToUpperInvariant();

    public static string Of(TaskType type) => type switch
    {
        TaskType.Export => "EXPORT_TO_REPOSITORY",
        TaskType.ImportMetadata => "IMPORT_METADATA_FROM_REPOSITORY",
        TaskType.Release => "RELEASE_DATA_FROM_FILESYSTEM",
        TaskType.AutoRelease => "AUTO_RELEASE_DATA",
        TaskType.Restore => "RESTORE_DATA_TO_FILESYSTEM",
    };

    public static TaskLifecycle TaskLifecycleOf(string word) => TaskLifecycles[word];

    public static AssociationLifecycle AssociationLifecycleOf(string word) => AssociationLifecycles[word];

    public static FileSystemLifecycle FileSystemLifecycleOf(string word) => FileSystemLifecycles[word];

    public static TaskType TaskTypeOf(string word) => TaskTypes[word];

    private static FrozenDictionary<string, T> Map<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToFrozenDictionary(Of, StringComparer.Ordinal);
}
