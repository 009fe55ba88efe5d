using System.Diagnostics;
using Sluice.TestKit;

namespace Sluice.Scenarios.Api;

/// <summary>
/// Requests per second and latency of the API's three calls on tasks, beside a bare Kestrel that echoes the same requests; by the same load generator, in turn.
/// <code>
/// for each round, for 1, 8 and 64 connections:  create n tasks → echo n descriptions → describe n → cancel the n tasks
/// </code>
/// </summary>
internal sealed class ApiScenario : IScenario
{
    // Of each kind, for each number of connections, in each round.
    private const int Requests = 2000;
    private const int MiniatureRequests = 70;

    private const int FlushedWrites = 200;
    private const int FlushedBytes = 4096;

    private static readonly int[] Connections = [1, 8, 64];
    private static readonly string[] Calls = ["echo", "DescribeDataRepositoryTasks", "CreateDataRepositoryTask", "CancelDataRepositoryTask"];

    /// <inheritdoc/>
    public string Name => "api";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var requests = context.IsMiniature ? MiniatureRequests : Requests;
        var results = new Dictionary<(string Call, int Connections), List<LoadFigures>>();
        await using (var rig = await ApiRig.StartAsync(context, cancellationToken))
        {
            // Unmeasured: both programs are compiled as far as they get.
            await RoundAsync(rig, requests, [], cancellationToken);
            for (var round = 0; round < context.Rounds; round++) await RoundAsync(rig, requests, results, cancellationToken);
        }

        Write(context, requests, results, await FlushedWritesAsync(cancellationToken));
    }

    private static async Task RoundAsync(
        ApiRig rig, int requests, Dictionary<(string Call, int Connections), List<LoadFigures>> results, CancellationToken cancellationToken)
    {
        foreach (var connections in Connections)
        {
            var (created, tasks) = await rig.CreateAsync(connections, requests, cancellationToken);
            Add("CreateDataRepositoryTask", created);
            Add("echo", await rig.EchoAsync(connections, requests, tasks, cancellationToken));
            Add("DescribeDataRepositoryTasks", await rig.DescribeAsync(connections, requests, tasks, cancellationToken));
            Add("CancelDataRepositoryTask", await rig.CancelAsync(connections, tasks, cancellationToken));

            void Add(string call, LoadFigures figures)
            {
                if (!results.TryGetValue((call, connections), out var runs)) results[(call, connections)] = runs = [];
                runs.Add(figures);
            }
        }
    }

    private void Write(
        ScenarioContext context, int requests, Dictionary<(string Call, int Connections), List<LoadFigures>> results, double flushesPerSecond)
    {
        var table = new ResultTable(
            Name, $"The API: {requests:N0} requests of each kind", $"{context.Rounds} round(s); server and load generator on the same machine, requests signed beforehand.",
            ["", "connections", "requests/s", "p50 ms", "p99 ms", "server CPU ms per request", "against the echo"]);
        foreach (var connections in Connections)
        {
            var echo = PerSecond(results[(Calls[0], connections)]);
            foreach (var call in Calls)
            {
                var runs = results[(call, connections)];
                var latencies = new Samples();
                foreach (var run in runs) latencies.Add(run.Latencies);
                table.AddRow(
                    call == Calls[0] ? "bare Kestrel, JSON echo" : call, $"{connections}", ResultTable.Figure(PerSecond(runs)), ResultTable.Figure(latencies.Median, 2),
                    ResultTable.Figure(latencies.P99, 2), ResultTable.Figure(runs.Sum(run => run.Cpu.TotalMilliseconds) / runs.Sum(run => run.Latencies.Count), 3),
                    ResultTable.Figure(PerSecond(runs) / echo, 2));
            }
        }

        table.AddNote($"Create and Cancel are on the disk before they are answered, one transaction after the other. Appending {FlushedBytes} bytes and fdatasync, "
            + $"one at a time, on the same disk: {flushesPerSecond:N0} a second.");
        table.Write(context);
    }

    private static double PerSecond(List<LoadFigures> runs) => runs.Sum(run => run.Latencies.Count) / runs.Sum(run => run.Wall.TotalSeconds);

    private static async Task<double> FlushedWritesAsync(CancellationToken cancellationToken)
    {
        await using var directory = TempDirectory.Create();
        await using var file = new FileStream(directory["log"], FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[FlushedBytes];
        var start = Stopwatch.GetTimestamp();
        for (var write = 0; write < FlushedWrites; write++)
        {
            await file.WriteAsync(block, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        return FlushedWrites / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
