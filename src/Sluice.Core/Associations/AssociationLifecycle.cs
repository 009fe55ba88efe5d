namespace Sluice.Core.Associations;

/// <summary>State of a data repository association (Smithy enum <c>DataRepositoryLifecycle</c>).</summary>
public enum AssociationLifecycle
{
    /// <summary>Being made.</summary>
    Creating,

    /// <summary>In use.</summary>
    Available,

    /// <summary>The bucket can't be reached with the rights needed; recovers by itself or by an update.</summary>
    Misconfigured,

    /// <summary>Being changed.</summary>
    Updating,

    /// <summary>Being removed.</summary>
    Deleting,

    /// <summary>Unusable for ever.</summary>
    Failed,
}
