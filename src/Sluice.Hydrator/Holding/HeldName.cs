using System.Globalization;

namespace Sluice.Hydrator.Holding;

/// <summary>How a file system came to be guarded.</summary>
internal enum GuardKind
{
    /// <summary>Mounted by 'sluice mount': everybody is asked about every file, except those found resident.</summary>
    Dedicated,

    /// <summary>Any other: everybody is asked about files without data only.</summary>
    Shared,
}

/// <summary>The part of a guarded file system that a descriptor keeps.</summary>
internal enum HeldPart
{
    /// <summary>The fanotify group.</summary>
    Group,

    /// <summary>A private mount, which keeps the superblock.</summary>
    Mount,

    /// <summary>What tells when a dedicated superblock has gone.</summary>
    Watch,
}

/// <summary>The name of a descriptor with the holder: <c>dedicated.700001.group</c>, the number being the superblock's in hexadecimal digits.</summary>
internal readonly record struct HeldName(GuardKind Kind, ulong Device, HeldPart Part)
{
    private const int MaxLength = 200;

    /// <summary>Whether the holder takes a name: what systemd takes as FDNAME, in one word.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && name.All(c => c is > ' ' and <= '~' and not ':');

    /// <summary>Reads a name; null when it is none of these.</summary>
    public static HeldName? Parse(string name) =>
        name.Split('.') is [var kind, var device, var part]
        && Enum.TryParse<GuardKind>(kind, ignoreCase: true, out var k)
        && ulong.TryParse(device, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var d)
        && Enum.TryParse<HeldPart>(part, ignoreCase: true, out var p)
            ? new HeldName(k, d, p) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Word(Kind)}.{Device:x}.{Word(Part)}");

    private static string Word(GuardKind kind) => kind switch { GuardKind.Dedicated => "dedicated", GuardKind.Shared => "shared" };

    private static string Word(HeldPart part) => part switch { HeldPart.Group => "group", HeldPart.Mount => "mount", HeldPart.Watch => "watch" };
}
