using System.Globalization;

namespace Sluice.Core.Files;

/// <summary>
/// What an object's user metadata says of the file it is to become, as far as it can be read (FSx for Lustre user guide, "POSIX metadata support for
/// data repositories"): the counterpart of <see cref="PosixMetadata"/>. Others write the same entries with less care, so everything may be missing.
/// </summary>
/// <param name="Mode">st_mode; octal, with or without a leading 0, with or without the bits of the type.</param>
/// <param name="Uid">Owner; names of users are ignored.</param>
/// <param name="Gid">Group; names of groups are ignored.</param>
/// <param name="AtimeNs">Access time, nanoseconds since 1970.</param>
/// <param name="MtimeNs">Modification time, nanoseconds since 1970.</param>
public readonly record struct ObjectPosixMetadata(uint? Mode, uint? Uid, uint? Gid, long? AtimeNs, long? MtimeNs)
{
    /// <summary>Permissions of what comes without them, files too.</summary>
    public const uint DefaultPermissions = 0b111_101_101;

    /// <summary>Sticky, read, write, execute: set-id bits are neither imported nor kept.</summary>
    public const uint ImportedPermissions = 0b001_111_111_111;

    private const string NanosecondSuffix = "ns";
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const uint TypeBits = 0xF000;
    private const uint SymlinkType = 0xA000;
    private const uint LargestMode = 0xFFFF;

    /// <summary>Whether the type bits say symlink.</summary>
    public bool IsSymlink => (Mode & TypeBits) == SymlinkType;

    /// <summary>Permissions without set-id bits; null when not given.</summary>
    public uint? Permissions => Mode & ImportedPermissions;

    /// <summary>Reads user metadata: names in lower case without <c>x-amz-meta-</c>.</summary>
    public static ObjectPosixMetadata Of(IReadOnlyDictionary<string, string> user) => new(
        Octal(user.GetValueOrDefault(PosixMetadata.Permissions)),
        Id(user.GetValueOrDefault(PosixMetadata.Owner)),
        Id(user.GetValueOrDefault(PosixMetadata.Group)),
        Time(user.GetValueOrDefault(PosixMetadata.Atime)),
        Time(user.GetValueOrDefault(PosixMetadata.Mtime)));

    private static uint? Octal(string? text)
    {
        var digits = text.AsSpan().Trim().TrimStart('0');
        if (digits.IsEmpty) return text.AsSpan().Contains('0') ? 0 : null;
        if (digits.Length > 6 || digits.ContainsAnyExceptInRange('0', '7')) return null;
        uint value = 0;
        foreach (var digit in digits) value = (value * 8) + (uint)(digit - '0');
        return value <= LargestMode ? value : null;
    }

    // The largest number means "leave it" to the system calls.
    private static uint? Id(string? text) =>
        uint.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id) && id != uint.MaxValue
            ? id
            : null;

    private static long? Time(string? text)
    {
        var digits = text.AsSpan().Trim();
        var isNanoseconds = digits.EndsWith(NanosecondSuffix, StringComparison.Ordinal);
        if (isNanoseconds) digits = digits[..^NanosecondSuffix.Length];
        if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return null;
        if (isNanoseconds) return value;
        return Int128.Abs(value) * NanosecondsPerMillisecond <= long.MaxValue ? value * NanosecondsPerMillisecond : null;
    }
}
