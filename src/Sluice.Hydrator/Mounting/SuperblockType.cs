using Sluice.Posix;

namespace Sluice.Hydrator.Mounting;

/// <summary>Tells the type of a file system by the magic number in its superblock.</summary>
internal static class SuperblockType
{
    private static readonly (string Type, long Offset, byte[] Magic)[] Known =
    [
        ("xfs", 0, "XFSB"u8.ToArray()),
        ("ext4", 0x438, [0x53, 0xEF]),
        ("btrfs", 0x10040, "_BHRfS_M"u8.ToArray()),
    ];

    /// <summary>The type; null when it is none that can be guarded.</summary>
    public static string? Of(string path)
    {
        using var file = FileSystemCalls.OpenFile(path);
        return Known.FirstOrDefault(known => IsAt(file, known.Offset, known.Magic)).Type;
    }

    private static bool IsAt(Fd file, long offset, byte[] magic)
    {
        Span<byte> found = stackalloc byte[8];
        var read = FileSystemCalls.Read(file, found[..magic.Length], offset);
        return read == magic.Length && found[..read].SequenceEqual(magic);
    }
}
