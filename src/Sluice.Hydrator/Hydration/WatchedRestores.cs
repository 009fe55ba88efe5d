using Microsoft.Extensions.Logging;
using Sluice.Engine.Ledger;
using Sluice.Engine.Movers;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Hydrator.Hydration;

/// <summary>Restores for readers, of which each ends: with the data, or with an error when it does not come on any more.</summary>
internal sealed partial class WatchedRestores : IDisposable
{
    private readonly RestoreCoordinator _coordinator;
    private readonly RestoreProgress _progress;
    private readonly TimeSpan _stallTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public WatchedRestores(IRepositoryResolver repositories, Engine.EngineOptions engine, TimeSpan stallTimeout, TimeProvider time, ILogger logger)
    {
        (_stallTimeout, _time, _logger) = (stallTimeout, time, logger);
        _progress = new RestoreProgress(time);
        _coordinator = new RestoreCoordinator(new MeteredRepositories(repositories, _progress), engine);
    }

    /// <summary>Restores a file.</summary>
    /// <param name="target">The file; this method disposes it, when the restore has ended.</param>
    /// <param name="path">Its name, for the log.</param>
    /// <param name="cancellationToken">The process is to end: gives up without an answer.</param>
    /// <returns>Null when its data is there, else what its readers are to be told.</returns>
    public async Task<Errno?> RestoreAsync(RestoreTarget target, string path, CancellationToken cancellationToken)
    {
        var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = _time.GetTimestamp();
        var address = AddressOf(target);
        var restore = RunAsync(target, given);
        try
        {
            while (!await EndsWithinAsync(restore, _stallTimeout / 4, cancellationToken))
            {
                if (_progress.IdleOf(address.Bucket, address.Key, start) < _stallTimeout) continue;
                LogStalled(path, _stallTimeout);
                _ = CancelAsync(given);

                // It may be long in noticing; the readers are not kept for that.
                return Errno.EIO;
            }

            _progress.Forget(address.Bucket, address.Key);
            var result = await restore;
            if (result == RestoreResult.Overwritten) LogOverwritten(path);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(path, e.Message);
            return RestoreErrors.Of(e);
        }
    }

    /// <summary>To be read before the restore begins, which may end at once and takes the file with it.</summary>
    private static ObjectAddress AddressOf(RestoreTarget target)
    {
        try
        {
            return target.Ledger.ReadAddress(target.File) ?? new ObjectAddress("", "", "");
        }
        catch (PosixException)
        {
            // The restore meets that too, and tells.
            return new ObjectAddress("", "", "");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _coordinator.Dispose();

    /// <summary>Throws when the process is to end, never what the restore throws.</summary>
    private async Task<bool> EndsWithinAsync(Task restore, TimeSpan timeout, CancellationToken cancellationToken)
    {
        await restore.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!restore.IsCompleted) cancellationToken.ThrowIfCancellationRequested();
        return restore.IsCompleted;
    }

    private static async Task CancelAsync(CancellationTokenSource given)
    {
        try
        {
            await given.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended at this very moment.
        }
    }

    private async Task<RestoreResult> RunAsync(RestoreTarget target, CancellationTokenSource given)
    {
        using (given)
        using (target.File)
            return await _coordinator.RestoreAsync(target, given.Token);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}: nothing came for {Timeout}; whoever waits for it gets an input/output error, and the next access tries again")]
    private partial void LogStalled(string path, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}: could not be restored; whoever waits for it gets an error, and the next access tries again: {Reason}")]
    private partial void LogFailed(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}: was written while nobody guarded it; what is there is its data now")]
    private partial void LogOverwritten(string path);
}
