using System.Globalization;

namespace Sluice.Core.Files;

/// <summary>
/// POSIX metadata as it stands in an object's user metadata (FSx for Lustre user guide, "POSIX metadata support for data repositories"):
/// <c>file-permissions</c> st_mode in seven octal digits, <c>file-owner</c> and <c>file-group</c> decimal,
/// <c>file-atime</c> and <c>file-mtime</c> in nanoseconds since 1970 with the suffix <c>ns</c>, <c>user-agent</c>.
/// </summary>
/// <param name="Mode">st_mode: type and permission bits.</param>
/// <param name="Uid">Owner.</param>
/// <param name="Gid">Group.</param>
/// <param name="AtimeNs">Access time, nanoseconds since 1970.</param>
/// <param name="MtimeNs">Modification time, nanoseconds since 1970.</param>
public readonly record struct PosixMetadata(uint Mode, uint Uid, uint Gid, long AtimeNs, long MtimeNs)
{
    /// <summary>Name of the permissions entry.</summary>
    public const string Permissions = "file-permissions";

    /// <summary>Name of the owner entry.</summary>
    public const string Owner = "file-owner";

    /// <summary>Name of the group entry.</summary>
    public const string Group = "file-group";

    /// <summary>Name of the access time entry.</summary>
    public const string Atime = "file-atime";

    /// <summary>Name of the modification time entry.</summary>
    public const string Mtime = "file-mtime";

    /// <summary>Name of the entry that says who wrote the object.</summary>
    public const string UserAgent = "user-agent";

    /// <summary>Value of <see cref="UserAgent"/> on export.</summary>
    public const string UserAgentValue = "aws-fsx-lustre";

    /// <summary>The entries, names without <c>x-amz-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> ToUserMetadata() => new Dictionary<string, string>(6)
    {
        [Permissions] = "0" + Convert.ToString(Mode, 8).PadLeft(6, '0'),
        [Owner] = Uid.ToString(CultureInfo.InvariantCulture),
        [Group] = Gid.ToString(CultureInfo.InvariantCulture),
        [Atime] = AtimeNs.ToString(CultureInfo.InvariantCulture) + "ns",
        [Mtime] = MtimeNs.ToString(CultureInfo.InvariantCulture) + "ns",
        [UserAgent] = UserAgentValue,
    };

    /// <summary>Whether an object's user metadata says the same, the access time apart.</summary>
    public bool Describes(IReadOnlyDictionary<string, string> userMetadata)
    {
        foreach (var (name, value) in ToUserMetadata())
        {
            if (name == Atime) continue;
            if (!userMetadata.TryGetValue(name, out var stored) || stored != value) return false;
        }

        return true;
    }
}
