using System.Diagnostics;
using System.Net;

namespace Sluice.Scenarios.Api;

/// <summary>What a number of requests took.</summary>
/// <param name="Wall">All of them.</param>
/// <param name="Cpu">CPU time of the server meanwhile.</param>
/// <param name="Latencies">Each of them, in milliseconds.</param>
internal sealed record LoadFigures(TimeSpan Wall, TimeSpan Cpu, Samples Latencies);

/// <summary>Sends requests over several connections, each sending its next when its last is answered.</summary>
internal static class Load
{
    /// <summary>Sends as many as there are.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="serverId">The server's process.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="requests">The requests; taken in order by whichever connection is free.</param>
    /// <param name="take">Given number and body of each answer, on any thread; the body is valid only within.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LoadFigures> RunAsync(
        EndPoint server, int serverId, int connections, IReadOnlyList<byte[]> requests, Action<int, ReadOnlySpan<byte>>? take, CancellationToken cancellationToken)
    {
        var lanes = new List<HttpLane>();
        try
        {
            while (lanes.Count < connections) lanes.Add(await HttpLane.ConnectAsync(server, cancellationToken));
            var ticks = new long[requests.Count];
            var next = -1;
            var cpu = ProcessCounters.Cpu(serverId);
            var start = Stopwatch.GetTimestamp();
            await Task.WhenAll(lanes.Select(lane => Task.Run(() => SendAsync(lane), cancellationToken)));
            var wall = Stopwatch.GetElapsedTime(start);
            cpu = ProcessCounters.Cpu(serverId) - cpu;
            var latencies = new Samples();
            foreach (var taken in ticks) latencies.Add(Stopwatch.GetElapsedTime(0, taken));
            return new LoadFigures(wall, cpu, latencies);

            async Task SendAsync(HttpLane lane)
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
        finally
        {
            foreach (var lane in lanes) lane.Dispose();
        }
    }
}
