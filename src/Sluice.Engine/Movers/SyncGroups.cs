using Sluice.Core.Crashing;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>
/// Has what many files were given reach the device together, one syncfs for all that wait at a time: a call of its own for each small file would take most of
/// the time of a restore.
/// </summary>
internal sealed class SyncGroups
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, SyncGroup> _groups = [];

    /// <summary>To be called before the first byte is written to <paramref name="file"/>.</summary>
    public SyncMember Join(Fd file, ulong device)
    {
        lock (_lock)
        {
            if (!_groups.TryGetValue(device, out var group))
            {
                // Errors of writing are told to descriptors that were open when they happened.
                group = new SyncGroup(FileSystemCalls.Reopen(file, OpenFlags.ReadOnly | OpenFlags.NonBlock));
                _groups.Add(device, group);
            }

            group.Members++;
            return new SyncMember(this, group, device);
        }
    }

    internal void Leave(SyncGroup group, ulong device)
    {
        lock (_lock)
        {
            // An open file keeps the file system from being unmounted.
            if (--group.Members > 0) return;
            _groups.Remove(device);
            group.Dispose();
        }
    }
}

/// <summary>A file that waits with others.</summary>
internal sealed class SyncMember(SyncGroups groups, SyncGroup group, ulong device) : IDisposable
{
    private readonly long _errorsBefore = group.Errors;

    /// <summary>Returns when all that was written to the file so far is on the device.</summary>
    public async Task FlushAsync()
    {
        await group.FlushAsync();

        // An error between two calls is told once, and may have been this file's.
        if (group.Errors != _errorsBefore) throw new PosixException(Errno.EIO, "syncfs");
    }

    /// <inheritdoc/>
    public void Dispose() => groups.Leave(group, device);
}

/// <summary>The files of one file system.</summary>
internal sealed class SyncGroup(Fd anchor) : IDisposable
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task? _next;
    private long _errors;

    /// <summary>Files in it; the owner's to count.</summary>
    public int Members { get; set; }

    /// <summary>Calls that failed.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>The call that begins after this one: the one under way may have passed by what was just written.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            var before = _running;
            return _next ??= Task.Factory.StartNew(() => FlushAfterAsync(before), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => anchor.Dispose();

    private async Task FlushAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        lock (_lock)
        {
            _running = _next!;
            _next = null;
        }

        try
        {
            CrashPoint.Before(SideEffect.DeviceFlush);
            FileSystemCalls.FlushFileSystem(anchor);
            CrashPoint.After(SideEffect.DeviceFlush);
        }
        catch (PosixException)
        {
            Interlocked.Increment(ref _errors);
            throw;
        }
    }
}
