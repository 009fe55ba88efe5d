namespace Sluice.Posix;

/// <summary>Privileges that matter to Sluice: capabilities(7), with the kernel's numbers.</summary>
public enum Capability
{
    /// <summary>CAP_CHOWN: give files to anyone.</summary>
    Chown = 0,

    /// <summary>CAP_DAC_OVERRIDE: read, write and search without permission.</summary>
    DacOverride = 1,

    /// <summary>CAP_DAC_READ_SEARCH: read files and search directories without permission.</summary>
    DacReadSearch = 2,

    /// <summary>CAP_FOWNER: act as the owner of any file.</summary>
    Fowner = 3,

    /// <summary>CAP_SYS_ADMIN: among much else, <c>trusted.*</c> attributes.</summary>
    SysAdmin = 21,
}
