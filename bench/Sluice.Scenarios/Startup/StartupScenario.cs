using System.Diagnostics;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Scenarios.Api;
using Sluice.TestKit;

namespace Sluice.Scenarios.Startup;

/// <summary>How long the program takes to say its version and to serve, and what an idle server keeps in memory; beside the least .NET programs that do the like.</summary>
internal sealed class StartupScenario : IScenario
{
    private const double Mib = 1 << 20;
    private const int Runs = 20;

    // How long a server is left alone before its memory is read.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "startup";

    /// <inheritdoc/>
    public IReadOnlyList<string> Results => [Name];

    /// <inheritdoc/>
    public async Task RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var (runs, idle) = context.IsMiniature ? (1, TimeSpan.Zero) : (Runs, Idle);
        var (version, help, hello) = (new Samples(), new Samples(), new Samples());
        var (first, again, echo) = (new ServerStarts(), new ServerStarts(), new ServerStarts());
        for (var run = 0; run <= runs; run++)
        {
            // Of the first run the disk and this program have their part.
            var isMeasured = run > 0;
            await TimeAsync([context.Program, "--version"], isMeasured ? version : new(), cancellationToken);
            await TimeAsync([context.Program, "--help"], isMeasured ? help : new(), cancellationToken);
            await TimeAsync([ReferenceProgram.File], isMeasured ? hello : new(), cancellationToken);
        }

        for (var run = 0; run <= runs; run++)
        {
            TimeSpan? untilMemory = run == runs ? idle : null;
            await using var data = TempDirectory.Create();
            await ServeAsync(context.Program, data.Path, run > 0 ? first : new(), untilMemory, cancellationToken);
            await ServeAsync(context.Program, data.Path, run > 0 ? again : new(), untilMemory, cancellationToken);
            await EchoAsync(data.Path, run > 0 ? echo : new(), untilMemory, cancellationToken);
        }

        var table = new ResultTable(
            Name, "Start and idle memory", "files in the page cache", runs, ["", "median ms", "least", "greatest", "idle memory MiB"]);
        AddRow(table, "`sluice --version`", version, "");
        AddRow(table, "`sluice --help`", help, "");
        AddRow(table, "\"hello\" in C#, with ASP.NET on its list of frameworks as Sluice", hello, "");
        AddRow(table, "`sluice serve` to its first answer, new data directory", first);
        AddRow(table, "the same, next start", again);
        AddRow(table, "bare Kestrel, JSON echo, to its first answer", echo);
        table.AddNote($"Idle memory: resident, {idle.TotalSeconds:0} s after the first answer.");
        table.Write(context);
    }

    private static async Task TimeAsync(string[] command, Samples samples, CancellationToken cancellationToken) =>
        samples.Add((await MeasuredProcess.RunAsync(new(command[0]) { Arguments = command[1..] }, cancellationToken)).Wall);

    private static async Task ServeAsync(
        string program, string data, ServerStarts starts, TimeSpan? untilMemory, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = await SluiceServer.StartAsync(new() { DataDirectory = data, Command = [program] }, cancellationToken);
        var url = new Uri(server.Url);
        var request = new RawRequest(url.Authority, server.Credentials).Make(FsxOperations.DescribeDataRepositoryTasks, new DescribeDataRepositoryTasksRequest());
        await AskAsync(url, request, start, starts, cancellationToken);
        if (untilMemory is { } wait) await starts.TakeMemoryAsync(server.Process.Id, wait, cancellationToken);
    }

    private static async Task EchoAsync(string data, ServerStarts starts, TimeSpan? untilMemory, CancellationToken cancellationToken)
    {
        var keys = SluiceCredentials.Parse(await File.ReadAllTextAsync(Path.Combine(data, "credentials"), cancellationToken), "sluice");
        var start = Stopwatch.GetTimestamp();
        var (process, url) = await ReferenceProgram.StartEchoAsync(cancellationToken);
        await using (process)
        {
            var request = new RawRequest(url.Authority, keys).Make(FsxOperations.DescribeDataRepositoryTasks, new DescribeDataRepositoryTasksRequest());
            await AskAsync(url, request, start, starts, cancellationToken);
            if (untilMemory is { } wait) await starts.TakeMemoryAsync(process.Id, wait, cancellationToken);
        }
    }

    private static async Task AskAsync(Uri url, byte[] request, long start, ServerStarts starts, CancellationToken cancellationToken)
    {
        using var lane = await HttpLane.ConnectAsync(url, cancellationToken);
        _ = await lane.SendAsync(request, cancellationToken);
        starts.ToFirstAnswer.Add(Stopwatch.GetElapsedTime(start));
    }

    private static void AddRow(ResultTable table, string what, ServerStarts starts) =>
        AddRow(table, what, starts.ToFirstAnswer, ResultTable.Figure(starts.IdleBytes / Mib));

    private static void AddRow(ResultTable table, string what, Samples samples, string memory) =>
        table.AddRow(what, ResultTable.Figure(samples.Median), ResultTable.Figure(samples.Least), ResultTable.Figure(samples.Greatest), memory);
}
