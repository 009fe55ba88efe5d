using System.Diagnostics;
using Sluice.TestKit;

namespace Sluice.Scenarios.Api;

/// <summary>
/// Requests per second and latency of the API's three calls on tasks, beside a bare Kestrel that echoes the same requests; by the same load generator, in turn.
/// <code>
/// for each round, for 1, 8 and 64 connections:  create n tasks → echo n descriptions → describe n → cancel the n tasks
/// </code>
/// </summary>
/// <param name="Program">The sluice to measure.</param>
/// <param name="Output">Where the results go.</param>
/// <param name="Requests">Requests of each kind, for each number of connections, in each round.</param>
/// <param name="Rounds">How many rounds.</param>
internal sealed record ApiScenario(string Program, string Output, int Requests, int Rounds)
{
    private const int FlushedWrites = 200;
    private const int FlushedBytes = 4096;

    private static readonly int[] Connections = [1, 8, 64];
    private static readonly string[] Calls = ["echo", "DescribeDataRepositoryTasks", "CreateDataRepositoryTask", "CancelDataRepositoryTask"];

    /// <summary>Name on the command line and in the results.</summary>
    public static string Name => "api";

    /// <summary>Runs it and writes its table.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var results = new Dictionary<(string Call, int Connections), List<LoadFigures>>();
        await using (var rig = await ApiRig.StartAsync(Program, cancellationToken))
        {
            // Unmeasured: both programs are compiled as far as they get.
            await RoundAsync(rig, [], cancellationToken);
            for (var round = 0; round < Rounds; round++) await RoundAsync(rig, results, cancellationToken);
        }

        Write(results, await FlushedWritesAsync(cancellationToken));
    }

    private async Task RoundAsync(ApiRig rig, Dictionary<(string Call, int Connections), List<LoadFigures>> results, CancellationToken cancellationToken)
    {
        foreach (var connections in Connections)
        {
            var (created, tasks) = await rig.CreateAsync(connections, Requests, cancellationToken);
            Add("CreateDataRepositoryTask", created);
            Add("echo", await rig.EchoAsync(connections, Requests, tasks, cancellationToken));
            Add("DescribeDataRepositoryTasks", await rig.DescribeAsync(connections, Requests, tasks, cancellationToken));
            Add("CancelDataRepositoryTask", await rig.CancelAsync(connections, tasks, cancellationToken));

            void Add(string call, LoadFigures figures)
            {
                if (!results.TryGetValue((call, connections), out var runs)) results[(call, connections)] = runs = [];
                runs.Add(figures);
            }
        }
    }

    private void Write(Dictionary<(string Call, int Connections), List<LoadFigures>> results, double flushesPerSecond)
    {
        var table = new ResultTable(
            Name, $"The API: {Requests:N0} requests of each kind", $"{Rounds} round(s); server and load generator on the same machine, requests signed beforehand.",
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
                    ResultTable.Figure(latencies.P99, 2), ResultTable.Figure(runs.Sum(run => run.Cpu.TotalMilliseconds) / (Requests * runs.Count), 3),
                    ResultTable.Figure(PerSecond(runs) / echo, 2));
            }
        }

        table.AddNote($"Create and Cancel are on the disk before they are answered, one transaction after the other. Appending {FlushedBytes} bytes and fdatasync, "
            + $"one at a time, on the same disk: {flushesPerSecond:N0} a second.");
        Console.WriteLine(table.Write(Output, TimeProvider.System.GetUtcNow()));
    }

    private double PerSecond(List<LoadFigures> runs) => Requests * runs.Count / runs.Sum(run => run.Wall.TotalSeconds);

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
