namespace Sluice.Engine.Movers;

/// <summary>What became of a file that was to be restored.</summary>
public enum RestoreResult
{
    /// <summary>Its data is back.</summary>
    Restored,

    /// <summary>Its data was here.</summary>
    Resident,

    /// <summary>It was written anew, or emptied, while nobody guarded it: what is there now is its data.</summary>
    Overwritten,
}
