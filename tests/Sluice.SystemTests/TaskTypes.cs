namespace Sluice.SystemTests;

/// <summary>Types of tasks, as the API has them.</summary>
internal static class TaskTypes
{
    public const string Export = "EXPORT_TO_REPOSITORY";
    public const string Import = "IMPORT_METADATA_FROM_REPOSITORY";
    public const string Release = "RELEASE_DATA_FROM_FILESYSTEM";
    public const string Restore = "RESTORE_DATA_TO_FILESYSTEM";
}
