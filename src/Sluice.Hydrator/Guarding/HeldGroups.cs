using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Hydrator.Holding;
using Sluice.Posix;

namespace Sluice.Hydrator.Guarding;

/// <summary>
/// What the holder holds, as this process's own descriptors, kept in step with it:
/// <code>
/// a group comes  → its descriptors are taken
/// a mount goes   → it is being unmounted: this process lets go of it too
/// a group goes, or its file system → let go of it
/// holder dies    → as long as this process has the groups, they live: another holder is started and gets them
/// </code>
/// Without a holder nothing happens, and none is started.
/// </summary>
public sealed partial class HeldGroups : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    // A service manager may be starting it again.
    private const int Patience = 3;

    private readonly HydratorFiles _files;
    private readonly HolderStarter _starter;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, GuardedSuperblock> _groups = [];

    /// <summary>Knows of none yet.</summary>
    public HeldGroups(HydratorOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _files = new HydratorFiles(options.DataDirectory);
        _starter = new HolderStarter(options);
        _time = time;
        _logger = loggers.CreateLogger("Sluice.Hydrator");
    }

    /// <summary>Those there are.</summary>
    internal IReadOnlyList<GuardedSuperblock> Groups
    {
        get
        {
            lock (_lock) return [.. _groups.Values];
        }
    }

    /// <summary>The one of a superblock, asking the holder; null when it is not guarded.</summary>
    internal GuardedSuperblock? Find(ulong device)
    {
        using (var holder = HolderClient.TryConnect(_files))
        {
            if (holder is not null) Apply(holder, holder.List());
        }

        lock (_lock) return _groups.GetValueOrDefault(device);
    }

    /// <summary>Has the holder, started if need be, keep a new group and what belongs to it, which become this object's.</summary>
    /// <returns>What guards the superblock now: another one's, when that was faster.</returns>
    internal GuardedSuperblock Add(GuardedSuperblock added)
    {
        var device = added.Device;
        try
        {
            using (var holder = _starter.Connect())
            {
                // Not known of before it is held, nor learned from the holder meanwhile.
                lock (_lock)
                {
                    if (Hold(holder, added))
                    {
                        if (_groups.Remove(device, out var former)) former.Dispose();
                        _groups.Add(device, added);
                        return added;
                    }
                }
            }

            added.Dispose();
            return Find(device) ?? throw new IOException("The holder let go of a file system that is being guarded.");
        }
        catch
        {
            added.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        lock (_lock)
        {
            foreach (var group in _groups.Values) group.Dispose();
            _groups.Clear();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var missing = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await WatchAsync(stoppingToken)) missing = 0;
                else if (Groups.Count > 0 && ++missing > Patience) HoldAgain();
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
            {
                LogTroubled(e);
            }

            await Task.Delay(Poll, _time, stoppingToken);
        }
    }

    /// <summary>The group is what counts; without its mount it would be one that is being unmounted.</summary>
    private static bool Hold(HolderClient holder, GuardedSuperblock superblock)
    {
        foreach (var (name, descriptor) in superblock.Parts())
        {
            while (!holder.Hold(name, descriptor))
            {
                if (holder.List().ContainsKey(superblock.NameOf(HeldPart.Group))) return false;

                // Left by somebody who died before it gave the group.
                holder.Drop(name);
            }
        }

        return true;
    }

    /// <summary>Follows the holder until it ends.</summary>
    /// <returns>False when there is none.</returns>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        using var socket = HolderSocket.TryConnect(_files);
        if (socket is null) return false;
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync("WATCH\n"u8.ToArray(), cancellationToken);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line != "END")
            {
                lines.Add(line);
                continue;
            }

            // The list alone is believed about what has gone: a holder that ended well has told so.
            var listed = HolderClient.Parse(lines);
            lines.Clear();
            using var holder = listed.Count == 0 ? null : HolderClient.TryConnect(_files);
            if (listed.Count == 0 || holder is not null) Apply(holder, listed);
        }

        return true;
    }

    private void Apply(HolderClient? holder, IReadOnlyDictionary<HeldName, int> listed)
    {
        lock (_lock)
        {
            foreach (var superblock in _groups.Values.ToList())
            {
                // One that has gone may have a successor of the same name, with another holder.
                if (superblock.HasGone || !listed.ContainsKey(superblock.NameOf(HeldPart.Group))) Remove(superblock);
                else if (!listed.ContainsKey(superblock.NameOf(HeldPart.Mount))) superblock.SetMount(null);
            }

            if (holder is null) return;
            foreach (var name in listed.Keys.Where(name => name.Part == HeldPart.Group && !_groups.ContainsKey(name.Device)))
            {
                if (GuardedSuperblock.Take(holder, name.Kind, name.Device) is not { } superblock) continue;
                if (superblock.HasGone) superblock.Dispose();
                else _groups.Add(name.Device, superblock);
            }

            foreach (var superblock in _groups.Values.Where(item => item.Mount is null && listed.ContainsKey(item.NameOf(HeldPart.Mount))))
            {
                if (holder.Take(superblock.NameOf(HeldPart.Mount)) is { } tree) superblock.SetMount(PrivateMount.Of(tree));
            }
        }
    }

    private void Remove(GuardedSuperblock superblock)
    {
        _groups.Remove(superblock.Device);
        superblock.Dispose();
    }

    private void HoldAgain()
    {
        LogHolderDied();
        using var holder = _starter.Connect();
        lock (_lock)
        {
            foreach (var superblock in _groups.Values.ToList())
            {
                if (superblock.HasEnded) Remove(superblock);
                else Hold(holder, superblock);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The holder has died; another one is started. Nobody was let through meanwhile")]
    private partial void LogHolderDied();

    [LoggerMessage(Level = LogLevel.Error, Message = "The holder can't be asked or started; trying again")]
    private partial void LogTroubled(Exception exception);
}
