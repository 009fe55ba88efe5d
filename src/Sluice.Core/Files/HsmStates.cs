namespace Sluice.Core.Files;

/// <summary>What the ledger says of a file, with Lustre's numbers (<c>lustre_user.h</c>, lfs-hsm(1)).</summary>
[Flags]
public enum HsmStates
{
    /// <summary>Nothing is known of the file.</summary>
    None = 0,

    /// <summary>Some copy exists in the repository.</summary>
    Exists = 0x01,

    /// <summary>The copy in the repository is stale.</summary>
    Dirty = 0x02,

    /// <summary>The data is only in the repository.</summary>
    Released = 0x04,

    /// <summary>The copy in the repository is complete and was current when it was written.</summary>
    Archived = 0x08,

    /// <summary>The file must not be released.</summary>
    NoRelease = 0x10,

    /// <summary>The file must not be archived.</summary>
    NoArchive = 0x20,

    /// <summary>The copy in the repository is gone.</summary>
    Lost = 0x40,
}
