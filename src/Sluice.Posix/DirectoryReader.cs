using System.Buffers;
using System.Runtime.CompilerServices;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>
/// Reads the names in a directory, in the file system's order, without "." and "..", with one buffer however many there are.
/// Names added or removed meanwhile may or may not appear; all others appear once. Not for use by several threads, nor
/// by two readers on one descriptor at a time: they would share its position.
/// </summary>
public sealed class DirectoryReader : IDisposable
{
    private const int BufferBytes = 32 * 1024;

    private readonly Fd _directory;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _filled;
    private int _next;
    private int _nameStart;
    private int _nameLength;

    /// <summary>Begins at the directory's first entry.</summary>
    /// <param name="directory">The directory, open for reading (not with <see cref="OpenFlags.Path"/>); stays the caller's to dispose.</param>
    public DirectoryReader(Fd directory)
        : this(directory, position: 0)
    {
        if (Seek() is var errno and not Errno.None)
            throw new PosixException(errno, "lseek");
    }

    private DirectoryReader(Fd directory, long position)
    {
        _directory = directory;
        Position = position;
    }

    /// <summary>The entry's name; valid until the next call of <see cref="MoveNext"/>.</summary>
    public ReadOnlySpan<byte> Name => _buffer.AsSpan(_nameStart, _nameLength);

    /// <summary>What the entry is; <see cref="FileKind.Unknown"/> where the file system does not keep that in directories.</summary>
    public FileKind Kind { get; private set; }

    /// <summary>The entry's inode.</summary>
    public ulong Inode { get; private set; }

    /// <summary>The file system's mark for the place behind the current entry.</summary>
    internal long Position { get; private set; }

    /// <summary>Begins at the first entry of a directory that was just opened.</summary>
    internal static DirectoryReader OfNew(Fd directory) => new(directory, position: 0);

    /// <summary>Begins behind an entry seen earlier through another descriptor.</summary>
    internal static Errno TryResume(Fd directory, long position, out DirectoryReader? reader)
    {
        reader = new DirectoryReader(directory, position);
        return reader.Seek();
    }

    /// <summary>Goes to the next entry.</summary>
    /// <returns>Whether there is one; a directory that was removed meanwhile has none.</returns>
    /// <exception cref="PosixException">The directory can not be read.</exception>
    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        do
        {
            if (_next == _filled && !Fill())
                return false;
            Parse();
        }
        while (Name is [(byte)'.'] or [(byte)'.', (byte)'.']);

        return true;
    }

    /// <summary>Gives the buffer back; the directory stays open.</summary>
    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _nameStart = _nameLength = 0;
    }

    private Errno Seek() =>
        Unistd.lseek(_directory, Position, Unistd.SEEK_SET) >= 0 ? Errno.None : PosixException.LastErrno();

    private bool Fill()
    {
        nint count;
        do
            count = SysSyscall.getdents64(SysSyscall.SYS_getdents64, _directory, ref _buffer[0], BufferBytes);
        while (count < 0 && PosixException.LastErrno() == Errno.EINTR);

        if (count < 0 && PosixException.LastErrno() is var errno and not Errno.ENOENT)
            throw new PosixException(errno, "getdents64");
        _next = 0;
        _filled = (int)Math.Max(count, 0);
        return _filled > 0;
    }

    private void Parse()
    {
        ref var record = ref _buffer[_next];
        Inode = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref record, Dirent.Offset.d_ino));
        Position = Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref record, Dirent.Offset.d_off));
        Kind = FileKinds.OfDirent(Unsafe.Add(ref record, Dirent.Offset.d_type));
        var length = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref record, Dirent.Offset.d_reclen));

        _nameStart = _next + Dirent.Offset.d_name;
        _nameLength = _buffer.AsSpan(_nameStart, length - Dirent.Offset.d_name).IndexOf((byte)0);
        _next += length;
    }
}
