using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Sluice.Core.Ids;
using Sluice.Core.Paths;
using Sluice.Posix;

namespace Sluice.Engine.Ledger;

/// <summary>The hashes of a <see cref="LedgerRecord"/>. They find changes; they are no defence against someone who may write the record itself.</summary>
internal static class LedgerHashes
{
    private const ulong Low48 = 0xFFFF_FFFF_FFFF;

    /// <summary>Mode, owner, group and, except for directories, mtime: a directory's mtime moves with every entry made in it
    /// and alone is no reason to send it again.</summary>
    public static ulong Metadata(in FileStatus status)
    {
        Span<byte> bytes = stackalloc byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, status.Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], status.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], status.Gid);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[12..], status.Kind == FileKind.Directory ? 0 : status.MtimeNs);
        return XxHash64.HashToUInt64(bytes) & Low48;
    }

    /// <summary>Hash of an object's ETag.</summary>
    public static ulong Identity(string etag) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(etag)) & Low48;

    /// <summary>Tag of a task.</summary>
    public static ulong Tag(TaskId id) => XxHash64.HashToUInt64(Encoding.ASCII.GetBytes(id.Value));

    /// <summary>Computes the address hash of the entries of one association without making their keys.</summary>
    internal sealed class Address
    {
        // Most keys fit; the stack is cleared for every one.
        private const int StackBytes = 256;

        private readonly byte[] _start;
        private readonly int _skip;

        public Address(KeyMapping mapping)
        {
            _start = Encoding.UTF8.GetBytes($"{mapping.Repository.Bucket}\0{mapping.Repository.Prefix}");
            var directory = mapping.Directory.ToBytes().Length;
            _skip = directory == 0 ? 0 : directory + 1;
        }

        /// <summary>Hash of bucket and key of the entry at <paramref name="path"/>.</summary>
        public ulong Of(ReadOnlySpan<byte> path, bool isDirectory)
        {
            var relative = path.Length < _skip ? [] : path[_skip..];
            var total = _start.Length + relative.Length + 1;
            var bytes = total <= StackBytes ? stackalloc byte[StackBytes] : new byte[total];
            _start.CopyTo(bytes);
            relative.CopyTo(bytes[_start.Length..]);
            var length = total - 1;
            if (isDirectory && relative.Length > 0) bytes[length++] = (byte)'/';
            return XxHash64.HashToUInt64(bytes[..length]);
        }
    }
}
