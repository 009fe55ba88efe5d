using System.Diagnostics;

namespace Sluice.Scenarios.Api;

/// <summary>Sends requests to one server over several connections, each sending its next when its last is answered.</summary>
internal sealed class Load : IDisposable
{
    private readonly List<HttpLane> _lanes = [];
    private readonly int _serverId;

    private Load(int serverId) => _serverId = serverId;

    /// <summary>Connects.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="serverId">The server's process.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Load> ConnectAsync(Uri url, int serverId, int connections, CancellationToken cancellationToken)
    {
        var load = new Load(serverId);
        try
        {
            while (load._lanes.Count < connections) load._lanes.Add(await HttpLane.ConnectAsync(url, cancellationToken));
            return load;
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }

    /// <summary>Sends all of <paramref name="requests"/>, in order by whichever connection is free, and adds what it took.</summary>
    /// <param name="requests">Whole HTTP requests.</param>
    /// <param name="figures">What is added to.</param>
    /// <param name="take">Given number and body of each answer, on any thread; the body is valid only within.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(IReadOnlyList<byte[]> requests, LoadFigures figures, Action<int, ReadOnlySpan<byte>>? take, CancellationToken cancellationToken)
    {
        var ticks = new long[requests.Count];
        var next = -1;
        var cpu = ProcessCounters.Cpu(_serverId);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(_lanes.Select(lane => Task.Run(() => SendFromAsync(lane), cancellationToken)));
        figures.Add(Stopwatch.GetElapsedTime(start), ProcessCounters.Cpu(_serverId) - cpu, ticks);

        async Task SendFromAsync(HttpLane lane)
        {
            while (Interlocked.Increment(ref next) is var number && number < requests.Count)
            {
                var sent = Stopwatch.GetTimestamp();
                var answer = await lane.SendAsync(requests[number], cancellationToken);
                ticks[number] = Stopwatch.GetTimestamp() - sent;
                take?.Invoke(number, answer.Span);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Dispose();
    }
}
