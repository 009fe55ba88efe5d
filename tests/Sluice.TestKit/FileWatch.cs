using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sluice.TestKit;

/// <summary>Writes down whatever is done to files and directories (inotify(7)), by whatever name or mount: opened, read, written, changed, made, removed.</summary>
public sealed class FileWatch : IDisposable
{
    private const uint IN_ACCESS = 0x1;
    private const uint IN_MODIFY = 0x2;
    private const uint IN_ATTRIB = 0x4;
    private const uint IN_OPEN = 0x20;
    private const uint IN_MOVE = 0xC0;
    private const uint IN_CREATE = 0x100;
    private const uint IN_DELETE = 0x200;
    private const uint IN_IGNORED = 0x8000;
    private const uint IN_DONT_FOLLOW = 0x0200_0000;
    private const uint Everything = IN_ACCESS | IN_MODIFY | IN_ATTRIB | IN_OPEN | IN_MOVE | IN_CREATE | IN_DELETE;
    private const int HeaderBytes = 16;

    private readonly SafeFileHandle _queue;
    private readonly Dictionary<int, TreePath> _paths = [];

    public FileWatch()
    {
        TreePath none = "inotify";
        _queue = new SafeFileHandle(Libc.Check(Libc.inotify_init1(Libc.O_CLOEXEC | Libc.O_NONBLOCK), "inotify_init1", none.Bytes), ownsHandle: true);
    }

    /// <summary>Watches everything beneath a directory, and itself.</summary>
    public void AddTree(TreePath directory)
    {
        foreach (var name in Libc.Names(directory.Terminated()))
        {
            var child = directory.Append(name);
            if (Libc.Stat(child.Terminated()) is { } stat && (stat.stx_mode & Libc.S_IFMT) == Libc.S_IFDIR) AddTree(child);
            else Add(child, Everything);
        }

        // Last, or this look at it would be the first thing written down.
        Add(directory, Everything);
    }

    /// <summary>Watches whether a file is opened, whatever becomes of its name.</summary>
    public void AddOpens(TreePath file) => Add(file, IN_OPEN);

    /// <summary>What was done since the last time, in words for people.</summary>
    public IReadOnlyList<string> Take()
    {
        var events = new List<string>();
        var buffer = new byte[64 << 10];
        for (nint count; (count = Libc.read(_queue, buffer, (nuint)buffer.Length)) > 0;)
        {
            for (var at = 0; at < count;)
            {
                var header = buffer.AsSpan(at, HeaderBytes);
                var (mask, length) = (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt32LittleEndian(header[12..]));
                var name = Encoding.UTF8.GetString(buffer.AsSpan(at + HeaderBytes, length).TrimEnd((byte)0));

                // A watch ends with its file. Whether that was removed, its directory's tells.
                if (mask != IN_IGNORED) events.Add($"{_paths.GetValueOrDefault(BinaryPrimitives.ReadInt32LittleEndian(header))} {name}: {mask:x}");
                at += HeaderBytes + length;
            }
        }

        return events;
    }

    public void Dispose() => _queue.Dispose();

    private void Add(TreePath path, uint mask) =>
        _paths[Libc.Check(Libc.inotify_add_watch(_queue, path.Terminated(), mask | IN_DONT_FOLLOW), "inotify_add_watch", path.Bytes)] = path;
}
