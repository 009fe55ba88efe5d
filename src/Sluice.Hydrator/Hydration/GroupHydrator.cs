using System.Globalization;
using Microsoft.Extensions.Logging;
using Sluice.Core.Files;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Engine.Movers;
using Sluice.Hydrator.Guarding;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Hydration;

/// <summary>
/// Answers those who open or read files of one guarded file system:
/// <code>
/// start: what a dead worker had taken and noted → restored and answered by the old numbers; the rest it had taken → EIO
/// event: noted in the journal → resident: not asked about any more, allowed
///                             → released: one restore for all who wait for the file → allowed, or denied with what fits
/// </code>
/// A thread reads the events and waits for nothing but the kernel. If the kernel has it wait (for a lease that somebody has on the file), another thread goes on.
/// An answered event is struck from the journal before its descriptor is closed: numbers are what answers are matched by.
/// </summary>
internal sealed partial class GroupHydrator : IDisposable
{
    private const int PollMilliseconds = 200;
    private const int MaxThreads = 64;
    private static readonly TimeSpan ReadRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongRead = TimeSpan.FromMilliseconds(200);

    private readonly EventJournal _journal;
    private readonly IFileSystemGuard _guard;
    private readonly LedgerStore _ledger;
    private readonly WatchedRestores _restores;
    private readonly WaitingEvents _waiting;
    private readonly ReadingThreads _threads;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeSpan _recoveryTimeout;

    public GroupHydrator(GuardedSuperblock superblock, HydratorFiles files, HydratorOptions options, WatchedRestores restores, TimeProvider time, ILogger logger)
    {
        (Superblock, _restores, _logger) = (superblock, restores, logger);
        _recoveryTimeout = options.RecoveryTimeout;
        _guard = GuardFactory.Make(superblock, files, time);
        _ledger = LedgerStore.Probe((superblock.Mount ?? throw new IOException("The file system is being unmounted.")).Root);
        _journal = EventJournal.Open(files.Journal(superblock.Device));
        if (!_journal.IsKept) LogNoJournal();
        _waiting = new WaitingEvents(superblock.Group, _journal, FileSystemCalls.SetNoFileLimit() / 2);
        _threads = new ReadingThreads(string.Create(CultureInfo.InvariantCulture, $"events {superblock.Device:x}"), MaxThreads, LongRead, time, ReadOnce, Wait);
    }

    /// <summary>The file system it is for.</summary>
    public GuardedSuperblock Superblock { get; }

    /// <summary>Whether it could not begin, and another one is to try.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Answers what a dead worker left, then begins to read.</summary>
    public async Task StartAsync()
    {
        try
        {
            await RecoverAsync();
            Superblock.Group.DenyLeftovers();
            _threads.Start();
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    /// <summary>To be called now and then: helps a thread out that the kernel has wait.</summary>
    public void Supervise() => _threads.Supervise();

    /// <inheritdoc/>
    /// <remarks>Nobody is answered: they wait for the next worker, which finds them in the journal.</remarks>
    public void Dispose()
    {
        _stop.Cancel();
        _threads.Dispose();
        _journal.Dispose();
        _stop.Dispose();
    }

    private async Task RecoverAsync()
    {
        var left = _journal.Read();
        if (left.Count == 0) return;
        LogRecovering(left.Count);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_recoveryTimeout);
        await Parallel.ForEachAsync(
            left, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = CancellationToken.None },
            async (item, _) => await RecoverAsync(item.Number, item.Handle, limit.Token));
    }

    private async Task RecoverAsync(int number, byte[] handle, CancellationToken cancellationToken)
    {
        Errno? error = Errno.EIO;
        try
        {
            error = await RestoreAsync(handle, "a file that a dead worker was asked for", cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // New readers must not wait longer; this one may try again.
            if (_stop.IsCancellationRequested) return;
        }

        if (error is { } errno) Superblock.Group.Deny(number, errno);
        else Superblock.Group.Allow(number);
        _journal.Clear(number);
    }

    private bool ReadOnce()
    {
        var events = new List<AccessEvent>(2);
        try
        {
            var found = Superblock.Group.Read(events);
            foreach (var access in events) Take(access);
            return found;
        }
        catch (PosixException e)
        {
            // Out of memory, for instance. Nobody is let through.
            LogUnread(e);
            _stop.Token.WaitHandle.WaitOne(ReadRetry);
            return false;
        }
    }

    private void Wait() => Superblock.Group.Wait(PollMilliseconds);

    private void Take(AccessEvent access)
    {
        try
        {
            var handle = FileSystemCalls.Handle(access.File);
            _journal.Set(access.File.Number, handle);
            if (IsResident(access.File) && IsLetGo(access.File)) _waiting.Answer(access, null);
            else if (_waiting.Add(handle, access)) _ = RestoreForAllAsync(handle, access.File);
        }
        catch (Exception e) when (e is PosixException or IOException or InvalidDataException)
        {
            LogRefused(NameOf(access.File), e.Message);
            _waiting.Answer(access, RestoreErrors.Of(e));
        }
    }

    /// <summary>Whether a file has its data. While the event's descriptor is open it stays so: a release needs a lease, which nobody gets then.</summary>
    private bool IsResident(Fd file)
    {
        if (_ledger.Read(file) is { } record) return !record.States.HasFlag(HsmStates.Released);

        // A record that this program can't read may say released.
        return _ledger.HasRecord(file) ? throw new InvalidDataException("the file's record is of another version of this program, or broken") : true;
    }

    /// <summary>Nobody is asked about a resident file any more. Should it turn out to be released after all, everybody is again.</summary>
    private bool IsLetGo(Fd file)
    {
        try
        {
            _guard.Unwatch(file);
        }
        catch (PosixException)
        {
            // It is asked about again the next time.
            return true;
        }

        if (IsResident(file)) return true;
        _guard.Watch(file);
        return false;
    }

    private async Task RestoreForAllAsync(byte[] handle, Fd first)
    {
        await Task.Yield();
        Errno? error = Errno.EIO;
        try
        {
            error = await RestoreAsync(handle, NameOf(first), _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The next worker finds it in the journal.
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogRefused("?", e.ToString());
        }

        _waiting.AnswerAll(handle, error);
    }

    private async Task<Errno?> RestoreAsync(byte[] handle, string path, CancellationToken cancellationToken)
    {
        Fd file;
        try
        {
            var mount = Superblock.Mount ?? throw new PosixException(Errno.ESHUTDOWN, "open_by_handle_at");
            file = FileSystemCalls.OpenHandle(mount.Root, handle, OpenFlags.ReadWrite);
        }
        catch (Exception e) when (e is PosixException or ObjectDisposedException)
        {
            LogRefused(path, e.Message);
            return RestoreErrors.Of(e);
        }

        return await _restores.RestoreAsync(new RestoreTarget(_guard, _ledger, file), path, cancellationToken);
    }

    private static string NameOf(Fd file) => FileSystemCalls.PathOf(file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} accesses that a dead worker was asked about are answered now")]
    private partial void LogRecovering(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data directory's disk is full: should this process die, whoever waits for a file gets an error")]
    private partial void LogNoJournal();

    [LoggerMessage(Level = LogLevel.Error, Message = "Accesses can't be read from the kernel; trying again")]
    private partial void LogUnread(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}: whoever wanted it gets an error: {Reason}")]
    private partial void LogRefused(string path, string reason);
}
