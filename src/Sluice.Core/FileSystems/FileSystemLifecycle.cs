namespace Sluice.Core.FileSystems;

/// <summary>State of a file system (the members of Smithy enum <c>FileSystemLifecycle</c> that a Lustre file system can have).</summary>
public enum FileSystemLifecycle
{
    /// <summary>Being made.</summary>
    Creating,

    /// <summary>In use.</summary>
    Available,

    /// <summary>Being changed.</summary>
    Updating,

    /// <summary>Being removed.</summary>
    Deleting,

    /// <summary>Unusable for ever.</summary>
    Failed,

    /// <summary>Its root directory can't be used at present.</summary>
    Misconfigured,
}
