using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sluice.Posix;

namespace Sluice.Hydrator.Holding;

/// <summary>
/// Keeps fanotify groups and private mounts open by name, and does nothing else, so that they outlive every server and worker: with a group's last descriptor
/// everybody would be let through to files without data. One for a data directory. A conversation is lines of text:
/// <code>
/// HOLD name number   takes the descriptor of that number from the peer: OK, or HELD when the name is in use
/// LIST               lines of name and number, for pidfd_getfd, then OK
/// DROP name          OK
/// WATCH              the same lines as for LIST, then END, at once and after each change
/// </code>
/// It ends when it has held nothing for a while, and after the last DROP; with a service manager it stays until that ends it.
/// </summary>
public sealed class Holder : IAsyncDisposable
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly HydratorFiles _files;
    private readonly TimeProvider _time;
    private readonly DataDirectoryLock _lock;
    private readonly Socket _listener;
    private readonly ServiceManager? _manager;
    private readonly HeldDescriptors _held;
    private readonly HashSet<Task> _conversations = [];

    private Holder(HydratorFiles files, TimeProvider time, DataDirectoryLock holderLock, Socket listener, ServiceManager? manager, Func<string, string?> variable)
    {
        (_files, _time, _lock, _listener, _manager) = (files, time, holderLock, listener, manager);
        _held = new HeldDescriptors(manager, ServiceManager.Stored(variable));
    }

    /// <summary>Whether a service manager runs it, which keeps what it holds when it is ended.</summary>
    public bool HasServiceManager => _manager is not null;

    /// <summary>Begins to hold for a data directory.</summary>
    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="variable">The environment, for a service manager.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The holder; null when there is one already.</returns>
    public static async Task<Holder?> StartAsync(string dataDirectory, Func<string, string?> variable, TimeProvider time, CancellationToken cancellationToken)
    {
        var files = new HydratorFiles(dataDirectory);
        files.Make();
        var manager = ServiceManager.Find(variable);
        Socket? listener = null;
        DataDirectoryLock? holderLock = null;
        try
        {
            holderLock = await LockAsync(files, time, isPatient: manager is not null, cancellationToken);
            if (holderLock is null) return null;
            listener = HolderSocket.Listen(files);
            return new Holder(files, time, holderLock, listener, manager, variable);
        }
        catch
        {
            listener?.Dispose();
            holderLock?.Dispose();
            manager?.Dispose();
            throw;
        }
    }

    /// <summary>Has the holder of a data directory, if there is one, let go of all it holds, and end: files without data beneath are about to be deleted.</summary>
    public static void Forget(string dataDirectory) => HolderClient.DropAll(dataDirectory);

    /// <summary>Ends it when it holds nothing.</summary>
    /// <returns>Whether it ends.</returns>
    public bool EndIfEmpty() => _held.EndIfEmpty();

    /// <summary>Serves until it ends.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _manager?.Ready();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var accepting = AcceptAsync(stop.Token);
        if (_manager is null) await EndWhenIdleAsync(cancellationToken);
        try
        {
            await _held.Ended.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ended by the service manager.
        }

        HolderSocket.Remove(_files);
        await stop.CancelAsync();
        await accepting;

        // Who watches is told of the end before the connection breaks: that would look like a death.
        Task[] open;
        lock (_conversations) open = [.. _conversations];
        await Task.WhenAny(Task.WhenAll(open), Task.Delay(Farewell, _time, CancellationToken.None));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _manager?.Dispose();
        _held.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>An ending holder still has the lock for a moment; one that answers has it for good. The service manager's own waits until that has ended.</summary>
    private static async Task<DataDirectoryLock?> LockAsync(HydratorFiles files, TimeProvider time, bool isPatient, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (DataDirectoryLock.TryAcquire(files.HolderLock) is { } holderLock) return holderLock;
            using (var other = HolderClient.TryConnect(files))
            {
                if (!isPatient && (other is not null || time.GetElapsedTime(start) > LockTimeout)) return null;
            }

            await Task.Delay(LockPoll, time, cancellationToken);
        }
    }

    private async Task EndWhenIdleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(_held.List().Changed, _held.Ended.Task, Task.Delay(IdleTimeout, _time, cancellationToken));
            _held.EndIfEmpty();
        }
        catch (OperationCanceledException)
        {
            // Ended otherwise.
        }
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var conversation = ConverseAsync(await _listener.AcceptAsync(cancellationToken));
                lock (_conversations) _conversations.Add(conversation);
                _ = conversation.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors for a moment, or the peer has gone.
                await Task.Delay(LockPoll, _time, CancellationToken.None);
            }
        }
    }

    private void Forget(Task conversation)
    {
        lock (_conversations) _conversations.Remove(conversation);
    }

    private async Task ConverseAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var (peer, user) = DescriptorPassing.PeerOf(socket);
            if (user != 0 && user != DescriptorPassing.UserId) return;
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                if (line == "WATCH") await WatchAsync(stream);
                else await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer(line, peer)), CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The peer has gone.
        }
    }

    private async Task WatchAsync(NetworkStream stream)
    {
        while (true)
        {
            var (lines, changed) = _held.List();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(lines.Append("END").Select(line => line + "\n"))), CancellationToken.None);

            // Not before it has told that it holds nothing: who watches would take the end for a death.
            if (lines.Count == 0 && _held.IsEnded) throw new IOException("The end.");
            await changed;
        }
    }

    private string Answer(string line, int peer)
    {
        try
        {
            switch (line.Split(' '))
            {
                case ["HOLD", var name, var number] when HeldName.IsValid(name) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n):
                    var taken = FileSystemCalls.TakeDescriptor(peer, n);
                    if (_held.TryAdd(name, taken)) return "OK\n";
                    taken.Dispose();
                    return "HELD\n";
                case ["LIST"] when _held.IsEnded:
                    // Who has come for this looks for one that will take something.
                    return "ERROR ending\n";
                case ["LIST"]:
                    return string.Concat(_held.List().Lines.Append("OK").Select(item => item + "\n"));
                case ["DROP", var name]:
                    _held.Remove(name);
                    return "OK\n";
                default:
                    return "ERROR expected HOLD name number, LIST, DROP name or WATCH\n";
            }
        }
        catch (Exception e) when (e is PosixException or InvalidOperationException or SocketException)
        {
            return $"ERROR {e.Message.ReplaceLineEndings(" ")}\n";
        }
    }
}
