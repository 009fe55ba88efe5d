using System.Diagnostics;
using Sluice.TestKit;

namespace Sluice.Scenarios.Api;

/// <summary>
/// Requests per second and latency of the API's three calls on tasks, beside a bare Kestrel that echoes the same requests; by the same load generator, in turn.
/// <code>
/// for each round, for 1, 8 and 64 connections, as often as there are batches:  create a batch of tasks → echo descriptions → describe → cancel the batch
/// </code>
/// </summary>
internal sealed class ApiScenario : IScenario
{
    // As many tasks as wait at a time: a server is asked for no more.
    private const int Batch = 64;
    private const int Batches = 60;
    private const int WarmUpBatches = 15;

    private const int FlushedWrites = 200;
    private const int FlushedBytes = 4096;
    private const string Echo = "bare Kestrel, JSON echo";
    private const string Create = "CreateDataRepositoryTask";
    private const string Describe = "DescribeDataRepositoryTasks";
    private const string Cancel = "CancelDataRepositoryTask";

    private static readonly int[] Connections = [1, 8, 64];
    private static readonly string[] Calls = [Echo, Describe, Create, Cancel];

    /// <inheritdoc/>
    public string Name => "api";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var results = NewResults();
        await using (var rig = await ApiRig.StartAsync(context, cancellationToken))
        {
            // Unmeasured: both programs are compiled as far as they get.
            if (!context.IsMiniature) await RoundAsync(rig, WarmUpBatches, NewResults(), cancellationToken);
            for (var round = 0; round < context.Rounds; round++) await RoundAsync(rig, context.IsMiniature ? 1 : Batches, results, cancellationToken);
        }

        Write(context, results, await FlushedWritesAsync(cancellationToken));
    }

    private static Dictionary<(string Call, int Connections), LoadFigures> NewResults() =>
        Connections.SelectMany(connections => Calls.Select(call => (call, connections))).ToDictionary(key => key, _ => new LoadFigures());

    private static async Task RoundAsync(
        ApiRig rig, int batches, Dictionary<(string Call, int Connections), LoadFigures> results, CancellationToken cancellationToken)
    {
        foreach (var connections in Connections)
        {
            using var sluice = await rig.ConnectAsync(connections, cancellationToken);
            using var echo = await rig.ConnectToEchoAsync(connections, cancellationToken);
            for (var batch = 0; batch < batches; batch++)
            {
                var tasks = new string[Batch];
                await sluice.SendAsync(
                    rig.Creates(Batch), results[(Create, connections)], (number, answer) => tasks[number] = ApiRig.TaskIdIn(answer), cancellationToken);
                var describes = rig.Describes(tasks);
                await echo.SendAsync(describes, results[(Echo, connections)], take: null, cancellationToken);
                await sluice.SendAsync(describes, results[(Describe, connections)], take: null, cancellationToken);
                await sluice.SendAsync(rig.Cancels(tasks), results[(Cancel, connections)], take: null, cancellationToken);
                await rig.SettleAsync(cancellationToken);
            }
        }
    }

    private void Write(ScenarioContext context, Dictionary<(string Call, int Connections), LoadFigures> results, double flushesPerSecond)
    {
        var table = new ResultTable(
            Name, $"The API: {results[(Echo, 1)].Latencies.Count:N0} requests of each kind",
            $"in batches of {Batch} in turn; servers and load generator on the same machine, requests signed beforehand", context.Rounds,
            ["", "connections", "requests/s", "p50 ms", "p99 ms", "server CPU ms per request", "against the echo"]);
        foreach (var connections in Connections)
        {
            foreach (var call in Calls)
            {
                var figures = results[(call, connections)];
                table.AddRow(
                    call, $"{connections}", ResultTable.Figure(figures.PerSecond), ResultTable.Figure(figures.Latencies.Median, 2),
                    ResultTable.Figure(figures.Latencies.P99, 2), ResultTable.Figure(figures.Cpu, 3),
                    ResultTable.Figure(figures.PerSecond / results[(Echo, connections)].PerSecond, 2));
            }
        }

        table.AddNote("Tasks wait when they are created, described and canceled: the file system has one under way.");
        table.AddNote($"Create and Cancel are on the disk before they are answered, one transaction after the other. Appending {FlushedBytes} bytes and fdatasync, "
            + $"one at a time, in the system's temporary directory, where the server's data is too: {flushesPerSecond:N0} a second.");
        table.Write(context);
    }

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
