using Microsoft.Win32.SafeHandles;

namespace Sluice.TestKit;

/// <summary>Makes single entries of a <see cref="TreeBuilder"/> on disk.</summary>
internal static class TreeMaker
{
    private const uint OwnerAll = 0b111_000_000;
    private const int DefaultDirectoryMode = 0b111_101_101;
    private const int DefaultFileMode = 0b110_100_100;
    private const int ChunkBytes = 256 * 1024;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static void Create(TreePath root, TreeEntry entry)
    {
        var path = root.Append(entry.Path).Terminated();
        switch (entry.Kind)
        {
            case TreeEntryKind.Directory:
                Make(Libc.mkdir(path, OwnerAll));
                break;
            case TreeEntryKind.File:
                Write(Make(Libc.open(path, Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, DefaultFileMode)), entry);
                break;
            case TreeEntryKind.Symlink:
                Make(Libc.symlink(entry.Target.Terminated(), path));
                break;
            case TreeEntryKind.HardLink:
                Make(Libc.link(root.Append(entry.Target).Terminated(), path));
                break;
            case TreeEntryKind.Fifo:
                Make(Libc.mknod(path, Libc.S_IFIFO | DefaultFileMode, 0));
                break;
            case TreeEntryKind.Socket:
                Make(Libc.mknod(path, Libc.S_IFSOCK | DefaultFileMode, 0));
                break;
        }

        int Make(int answer) => Libc.Check(answer, $"making the {entry.Kind}", path);
    }

    /// <summary>Owner, then mode (changing the owner clears set-id bits), then time.</summary>
    public static void SetAttributes(TreePath root, TreeEntry entry)
    {
        if (entry.Kind == TreeEntryKind.HardLink)
            return;
        var path = root.Append(entry.Path).Terminated();
        if (entry.Uid is not null || entry.Gid is not null)
            _ = Libc.Check(Libc.lchown(path, entry.Uid ?? uint.MaxValue, entry.Gid ?? uint.MaxValue), "lchown", path);
        if (entry.Kind != TreeEntryKind.Symlink)
        {
            var mode = entry.Mode ?? (entry.Kind == TreeEntryKind.Directory ? DefaultDirectoryMode : DefaultFileMode);
            _ = Libc.Check(Libc.chmod(path, (uint)mode), "chmod", path);
        }

        if (entry.ModifiedNs is { } modified)
        {
            var (seconds, rest) = Math.DivRem(modified, NanosecondsPerSecond);
            if (rest < 0)
                (seconds, rest) = (seconds - 1, rest + NanosecondsPerSecond);
            var time = new Libc.timespec { tv_sec = (nint)seconds, tv_nsec = (nint)rest };
            _ = Libc.Check(Libc.utimensat(Libc.AT_FDCWD, path, [time, time], Libc.AT_SYMLINK_NOFOLLOW), "utimensat", path);
        }
    }

    private static void Write(int descriptor, TreeEntry entry)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (entry.Literal is { } literal)
        {
            RandomAccess.Write(file, literal.Span, 0);
            return;
        }

        RandomAccess.SetLength(file, entry.Size);
        var buffer = new byte[Math.Min(ChunkBytes, entry.Size)];
        foreach (var extent in entry.Extents ?? [new TreeExtent(0, entry.Size)])
        {
            for (var offset = extent.Offset; offset < extent.Offset + extent.Length;)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(buffer.Length, extent.Offset + extent.Length - offset));
                TestContent.Fill(entry.Seed, offset, chunk);
                RandomAccess.Write(file, chunk, offset);
                offset += chunk.Length;
            }
        }
    }
}
