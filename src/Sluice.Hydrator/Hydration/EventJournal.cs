using System.IO.MemoryMappedFiles;
using Sluice.Posix;

namespace Sluice.Hydrator.Hydration;

/// <summary>
/// The events that a worker has taken and not yet answered, in a mapped file: what is written there outlives the worker, at the price of a memory write. A slot
/// for each number that the descriptor of an event can have:
/// <code>
/// 0 length of the handle, 0 when the slot is free (2) · 8 the file's handle
/// </code>
/// Its blocks are reserved, so that a full disk can't kill the worker. Events with higher numbers than there are slots are not kept: if the worker dies, their
/// readers get an error.
/// </summary>
internal sealed class EventJournal : IDisposable
{
    private const int Slots = 16384;
    private const int SlotBytes = 144;
    private const int HandleOffset = 8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private EventJournal(MemoryMappedFile file, bool isKept) => (_file, _view, IsKept) = (file, file.CreateViewAccessor(), isKept);

    /// <summary>Whether it outlives the worker. Not where the disk is full: then readers of a worker that dies get an error.</summary>
    public bool IsKept { get; }

    /// <summary>Opens the journal, made if missing.</summary>
    public static EventJournal Open(string path)
    {
        try
        {
            using (var file = FileSystemCalls.OpenPrivate(path)) FileSystemCalls.Allocate(file, Slots * SlotBytes);
            return new EventJournal(MemoryMappedFile.CreateFromFile(path, FileMode.Open), isKept: true);
        }
        catch (PosixException e) when (e.Errno is Errno.ENOSPC or Errno.EDQUOT or Errno.EROFS)
        {
            return new EventJournal(MemoryMappedFile.CreateNew(null, Slots * SlotBytes), isKept: false);
        }
    }

    /// <summary>An event was taken.</summary>
    public void Set(int number, ReadOnlySpan<byte> handle)
    {
        if (number >= Slots || handle.Length > SlotBytes - HandleOffset) return;
        var slot = (ulong)number * SlotBytes;
        _view.SafeMemoryMappedViewHandle.WriteSpan(slot + HandleOffset, handle);

        // Last: a slot that is in use is whole.
        Thread.MemoryBarrier();
        _view.SafeMemoryMappedViewHandle.Write(slot, (ushort)handle.Length);
    }

    /// <summary>It was answered. To be called before its descriptor is closed, because the next one may get its number.</summary>
    public void Clear(int number)
    {
        if (number < Slots) _view.SafeMemoryMappedViewHandle.Write((ulong)number * SlotBytes, (ushort)0);
    }

    /// <summary>What was not answered: numbers and handles.</summary>
    public IReadOnlyList<(int Number, byte[] Handle)> Read()
    {
        var found = new List<(int, byte[])>();
        for (var number = 0; number < Slots; number++)
        {
            var slot = (ulong)number * SlotBytes;
            var length = _view.SafeMemoryMappedViewHandle.Read<ushort>(slot);
            if (length is 0 or > SlotBytes - HandleOffset) continue;
            var handle = new byte[length];
            _view.SafeMemoryMappedViewHandle.ReadSpan(slot + HandleOffset, handle.AsSpan());
            found.Add((number, handle));
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
