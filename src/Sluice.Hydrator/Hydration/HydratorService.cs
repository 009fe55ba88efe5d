using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Engine;
using Sluice.Hydrator.Guarding;
using Sluice.Hydrator.Holding;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Hydrator.Hydration;

/// <summary>
/// The worker: restores files when they are opened or read, on all file systems that the holder of a data directory has groups of. One at a time for a data
/// directory; another one waits until it can take over. It can be killed at any point: the holder keeps who waits, the journal says for what.
/// </summary>
public sealed partial class HydratorService : BackgroundService
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly HydratorOptions _options;
    private readonly HydratorFiles _files;
    private readonly HeldGroups _held;
    private readonly GuardRegistry _guards;
    private readonly IRepositoryResolver _repositories;
    private readonly EngineOptions _engine;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<GuardedSuperblock, GroupHydrator> _hydrators = [];
    private readonly ConcurrentDictionary<GuardedSuperblock, long> _failures = [];

    /// <summary>Wires the worker.</summary>
    public HydratorService(
        HydratorOptions options, HeldGroups held, GuardRegistry guards, IRepositoryResolver repositories, EngineOptions engine, TimeProvider time, ILoggerFactory loggers)
    {
        (_options, _held, _guards, _repositories, _engine, _time) = (options, held, guards, repositories, engine, time);
        _files = new HydratorFiles(options.DataDirectory);
        _logger = loggers.CreateLogger("Sluice.Hydrator");
    }

    /// <summary>Who is the worker of a data directory; null when nobody is.</summary>
    public static int? WorkerOf(string dataDirectory)
    {
        var files = new HydratorFiles(dataDirectory);
        files.Make();
        using var free = DataDirectoryLock.TryAcquire(files.WorkerLock);
        return free is null ? DataDirectoryLock.OwnerOf(files.WorkerLock) : null;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        FileSystemCalls.SetNoFileLimit();
        _files.Make();
        using var workerLock = await LockAsync(stoppingToken);
        using var restores = new WatchedRestores(_repositories, _engine, _options.StallTimeout, _time, _logger);
        var recovery = Task.Factory.StartNew(Recover, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (true)
            {
                Follow(restores);
                foreach (var hydrator in _hydrators.Values) hydrator.Supervise();
                await Task.Delay(Tick, _time, stoppingToken);
            }
        }
        finally
        {
            foreach (var hydrator in _hydrators.Values) hydrator.Dispose();
            await recovery;
        }
    }

    private async Task<DataDirectoryLock> LockAsync(CancellationToken cancellationToken)
    {
        for (var isTold = false; ; isTold = true)
        {
            if (DataDirectoryLock.TryAcquire(_files.WorkerLock) is { } workerLock) return workerLock;
            if (!isTold)
            {
                var owner = DataDirectoryLock.OwnerOf(_files.WorkerLock);
                LogWaiting(owner);
            }

            await Task.Delay(LockPoll, _time, cancellationToken);
        }
    }

    /// <summary>Groups come and go.</summary>
    private void Follow(WatchedRestores restores)
    {
        var groups = _held.Groups;
        foreach (var gone in _hydrators.Where(item => item.Value.HasFailed || !groups.Contains(item.Key)).Select(item => item.Key).ToList())
        {
            if (!groups.Contains(gone)) _failures.TryRemove(gone, out _);
            _hydrators.Remove(gone, out var hydrator);
            hydrator!.Dispose();
        }

        foreach (var superblock in groups.Where(group => group.Mount is not null && !_hydrators.ContainsKey(group)))
        {
            if (_failures.TryGetValue(superblock, out var last) && _time.GetElapsedTime(last) < Retry) continue;
            try
            {
                var hydrator = new GroupHydrator(superblock, _files, _options, restores, _time, _logger);
                _hydrators.Add(superblock, hydrator);
                _ = StartAsync(hydrator);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                LogFailure(superblock, e);
            }
        }
    }

    private void LogFailure(GuardedSuperblock superblock, Exception exception)
    {
        _failures[superblock] = _time.GetTimestamp();
        LogNotBegun(superblock.Device, exception);
    }

    private async Task StartAsync(GroupHydrator hydrator)
    {
        try
        {
            await hydrator.StartAsync();
            LogBegun(hydrator.Superblock.Kind, hydrator.Superblock.Device);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Readers wait; what was not answered stays in the journal.
            LogFailure(hydrator.Superblock, e);
        }
    }

    private void Recover()
    {
        try
        {
            _guards.Recover();
        }
        catch (IOException e)
        {
            LogNotRecovered(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Process {ProcessId} restores files for this data directory; taking over when it ends")]
    private partial void LogWaiting(int? processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Files of the {Kind} file system {Device:x} are restored when they are opened")]
    private partial void LogBegun(GuardKind kind, ulong device);

    [LoggerMessage(Level = LogLevel.Error, Message = "Files of the file system {Device:x} can't be restored; trying again")]
    private partial void LogNotBegun(ulong device, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Files without data on a file system that is not dedicated may be unguarded: reading them gives zeros")]
    private partial void LogNotRecovered(Exception exception);
}
