using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Sluice.Core.Crashing;
using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>
/// All restores of this process: those that somebody waits for, and those of restore tasks.
/// <code>
/// under way already → waited for, in common      else: slot → the guard's lock → <see cref="Restorer"/> → no longer watched
/// </code>
/// The two kinds have slots and memory of their own, so that a reader never waits behind a task, except for a file that the task has in hand.
/// </summary>
public sealed class RestoreCoordinator : IDisposable
{
    private readonly Restorer _restorer;
    private readonly Lane _interactive;
    private readonly Lane _bulk;
    private readonly SyncGroups _syncs = new();
    private readonly ConcurrentDictionary<(ulong Device, ulong Inode), Task<RestoreResult>> _flights = [];

    /// <summary>One for a process.</summary>
    public RestoreCoordinator(IRepositoryResolver repositories, EngineOptions options)
    {
        options.Validate();
        _restorer = new Restorer(repositories, options);
        _interactive = new Lane(options.InteractiveRestores, options.BufferBytes);
        _bulk = new Lane(options.Concurrency, options.BufferBytes);
    }

    /// <summary>Restores a file that somebody waits for.</summary>
    /// <exception cref="RestoreFailedException">The object is not what was archived, or nobody knows which it is, or somebody wrote into the file.</exception>
    /// <exception cref="RepositoryException">The repository failed, or the object is gone or replaced.</exception>
    /// <exception cref="PosixException">The file system failed, for instance for want of space.</exception>
    /// <exception cref="OperationCanceledException">Given up; the file stays released, unless somebody else restored it.</exception>
    public Task<RestoreResult> RestoreAsync(RestoreTarget target, CancellationToken cancellationToken) =>
        JoinOrStartAsync(target, () => RestoreNowAsync(target, cancellationToken), cancellationToken);

    /// <summary>Restores a file together with many others.</summary>
    /// <exception cref="StartRefusedException">The task was canceled before the file was begun.</exception>
    internal Task<RestoreResult> RestoreInBatchAsync(RestoreTarget target, StartPermit permit, ulong taskTag, CancellationToken cancellationToken) =>
        JoinOrStartAsync(target, () => RestoreWithOthersAsync(target, permit, taskTag, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _interactive.Dispose();
        _bulk.Dispose();
    }

    private async Task<RestoreResult> JoinOrStartAsync(RestoreTarget target, Func<Task<RestoreResult>> startAsync, CancellationToken cancellationToken)
    {
        var status = FileSystemCalls.Status(target.File);
        var inode = (status.Device, status.Inode);
        while (true)
        {
            var mine = new TaskCompletionSource<RestoreResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            var flight = _flights.GetOrAdd(inode, mine.Task);
            if (flight == mine.Task) return await FlyAsync(inode, mine, startAsync);
            try
            {
                return await flight.WaitOnCurrentSchedulerAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Whoever began it gave up.
            }
        }
    }

    private async Task<RestoreResult> FlyAsync(
        (ulong Device, ulong Inode) inode, TaskCompletionSource<RestoreResult> flight, Func<Task<RestoreResult>> startAsync)
    {
        try
        {
            var result = await startAsync();
            _flights.TryRemove(inode, out _);
            flight.SetResult(result);
            return result;
        }
        catch (Exception e)
        {
            _flights.TryRemove(inode, out _);
            if (e is OperationCanceledException) flight.SetCanceled(CancellationToken.None);
            else flight.SetException(e);

            // Nobody may have joined.
            _ = flight.Task.Exception;
            throw;
        }
    }

    private async Task<RestoreResult> RestoreNowAsync(RestoreTarget target, CancellationToken cancellationToken)
    {
        using var slot = await _interactive.EnterAsync(cancellationToken);
        using var hold = await LockAsync(target, cancellationToken);
        var job = new RestoreJob
        {
            File = target.File,
            Ledger = target.Ledger,
            Budget = _interactive.Budget,
            FlushAsync = () =>
            {
                CrashPoint.Before(SideEffect.RestoreFlush);
                FileSystemCalls.FlushData(target.File);
                CrashPoint.After(SideEffect.RestoreFlush);
                return Task.CompletedTask;
            },
        };
        return Unwatch(target, await _restorer.RestoreAsync(job, cancellationToken));
    }

    private async Task<RestoreResult> RestoreWithOthersAsync(RestoreTarget target, StartPermit permit, ulong taskTag, CancellationToken cancellationToken)
    {
        // Given back before the wait for the device, which is in common: the next files are read meanwhile.
        using var slot = await _bulk.EnterAsync(cancellationToken);
        using var hold = await LockAsync(target, cancellationToken);
        using var member = _syncs.Join(target.File, FileSystemCalls.Status(target.File).Device);
        var job = new RestoreJob
        {
            File = target.File,
            Ledger = target.Ledger,
            Permit = permit,
            TaskTag = taskTag,
            Budget = _bulk.Budget,
            FlushAsync = () =>
            {
                slot.Dispose();
                return member.FlushAsync();
            },
        };
        return Unwatch(target, await _restorer.RestoreAsync(job, cancellationToken));
    }

    private static async ValueTask<IDisposable?> LockAsync(RestoreTarget target, CancellationToken cancellationToken) =>
        target.Guard is { } guard ? await guard.LockAsync(target.File, cancellationToken) : null;

    private static RestoreResult Unwatch(RestoreTarget target, RestoreResult result)
    {
        try
        {
            CrashPoint.Before(SideEffect.GuardUnwatch);
            target.Guard?.Unwatch(target.File);
            CrashPoint.After(SideEffect.GuardUnwatch);
        }
        catch (PosixException)
        {
            // Its readers are asked about in vain, and nothing else.
        }

        return result;
    }

    /// <summary>Slots and memory of one kind of restores.</summary>
    private sealed class Lane(int slots, long bytes) : IDisposable
    {
        private readonly Slots _slots = new(slots);

        public ByteBudget Budget { get; } = new(bytes);

        public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => _slots.EnterAsync(cancellationToken);

        public void Dispose()
        {
            _slots.Dispose();
            Budget.Dispose();
        }
    }
}
