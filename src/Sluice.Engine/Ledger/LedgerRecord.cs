using System.Buffers.Binary;
using Sluice.Core.Files;

namespace Sluice.Engine.Ledger;

/// <summary>
/// What Sluice knows of one file, kept on its inode. Exactly 60 bytes, little-endian, so that it stays inside a 256-byte ext4 inode:
/// <code>
/// 0 version=1, 0x80 restoring, 0x40 releasing · 1 states, 0x80 racy · 2 size (6) · 8 mtime ns · 16 seal ns · 24 CRC-64/NVME · 32 metadata hash (6)
/// 38 address hash · 46 identity hash (6) · 52 task tag
/// </code>
/// </summary>
public readonly record struct LedgerRecord
{
    /// <summary>Bytes of an encoded record.</summary>
    public const int EncodedBytes = 60;

    private const byte Version = 1;
    private const byte RacyBit = 0x80;
    private const byte RestoringBit = 0x80;
    private const byte ReleasingBit = 0x40;
    private const ulong Low48 = 0xFFFF_FFFF_FFFF;

    /// <summary>Lustre's flags.</summary>
    public required HsmStates States { get; init; }

    /// <summary>The file was modified within the clock's granularity of being read: its content is looked at again next time.</summary>
    public bool IsRacy { get; init; }

    /// <summary>A release has begun to free, or a restore to write: what data the released file has may be a part of its object's. Without this, data in a
    /// released file is somebody's who wrote it while nobody guarded the file.</summary>
    public bool IsRestoring { get; init; }

    /// <summary>A release has begun, and has freed nothing yet: the file has all its data, and may not be guarded yet.</summary>
    public bool IsReleasing { get; init; }

    /// <summary>Whether a release or a restore has begun and not ended; who began it may be dead.</summary>
    public bool IsUnderWay => States.HasFlag(HsmStates.Released) && (IsReleasing || IsRestoring);

    /// <summary>The record of a file that was released, or was about to be, and that is whoever's who wrote it since: there is an older copy of it.</summary>
    public LedgerRecord Overwritten() => this with { States = HsmStates.Exists | HsmStates.Dirty, IsRestoring = false, IsReleasing = false };

    /// <summary>Content bytes that were archived.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Modification time that was archived.</summary>
    public required long MtimeNs { get; init; }

    /// <summary>The moment the record was written, or a little later: a later ctime means that something touched the inode.</summary>
    public required long SealNs { get; init; }

    /// <summary>CRC-64/NVME of the content; 0 where it is not known: the file was imported and its data has never been here.</summary>
    public required ulong Checksum { get; init; }

    /// <summary>Hash of mode, owner, group, mtime; 48 bits.</summary>
    public required ulong MetadataHash { get; init; }

    /// <summary>Hash of bucket and key: a file under another name is not archived there.</summary>
    public required ulong AddressHash { get; init; }

    /// <summary>Hash of the object's ETag; 48 bits.</summary>
    public required ulong IdentityHash { get; init; }

    /// <summary>Tag of the task that wrote the record.</summary>
    public required ulong TaskTag { get; init; }

    /// <summary>Whether an object of this size and ETag is the one that was archived.</summary>
    internal bool IsOf(long sizeBytes, string etag) => sizeBytes == SizeBytes && LedgerHashes.Identity(etag) == IdentityHash;

    /// <summary>Reads a record. Null when the bytes are none of a version known here: the file then counts as unknown, never as archived.</summary>
    public static LedgerRecord? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != EncodedBytes || (bytes[0] & ~(RestoringBit | ReleasingBit)) != Version) return null;
        return new LedgerRecord
        {
            States = (HsmStates)(bytes[1] & ~RacyBit),
            IsRacy = (bytes[1] & RacyBit) != 0,
            IsRestoring = (bytes[0] & RestoringBit) != 0,
            IsReleasing = (bytes[0] & ReleasingBit) != 0,
            SizeBytes = (long)Read48(bytes[2..]),
            MtimeNs = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            SealNs = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            Checksum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            MetadataHash = Read48(bytes[32..]),
            AddressHash = BinaryPrimitives.ReadUInt64LittleEndian(bytes[38..]),
            IdentityHash = Read48(bytes[46..]),
            TaskTag = BinaryPrimitives.ReadUInt64LittleEndian(bytes[52..]),
        };
    }

    /// <summary>Writes the record into the first <see cref="EncodedBytes"/> bytes of <paramref name="bytes"/>.</summary>
    public void Encode(Span<byte> bytes)
    {
        bytes[0] = (byte)(Version | (IsRestoring ? RestoringBit : 0) | (IsReleasing ? ReleasingBit : 0));
        bytes[1] = (byte)((byte)States | (IsRacy ? RacyBit : 0));
        Write48(bytes[2..], (ulong)SizeBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], MtimeNs);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], SealNs);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Checksum);
        Write48(bytes[32..], MetadataHash);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[38..], AddressHash);
        Write48(bytes[46..], IdentityHash);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[52..], TaskTag);
    }

    private static ulong Read48(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32);

    private static void Write48(Span<byte> bytes, ulong value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(value & Low48));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)((value & Low48) >> 32));
    }
}
