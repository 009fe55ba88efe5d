using System.Globalization;
using Sluice.CommandLine.Output;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Demo;

/// <summary>The demo's story: a tree, a server on loopback, and the real API from create to a second export after a cancel. It checks what it
/// tells: exit code 1 when something did not come out as it should.</summary>
internal sealed class DemoRun(CommandContext context, string directory, int files)
{
    private const double CancelAt = 0.3;
    private const int ShownColumns = 100;

    private string Tree => Path.Combine(directory, "scratch", "project");

    private string Data => Path.Combine(directory, "data");

    private string Objects => Path.Combine(Data, "buckets", DemoServer.Bucket, "objects", DemoServer.Prefix);

    /// <summary>Runs it. Ctrl-C stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var interruption = new Interruption();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interruption.First);
        try
        {
            return await TellAsync(stop.Token) ? ExitCodes.Success : Fail();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            context.Error.WriteLine($"The demo was stopped. What it made is in {directory}");
            return ExitCodes.Interrupted;
        }
    }

    private async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        Say($"1. Making {Format.Files(files)} in {Tree}");
        DemoTree.Make(Directory.CreateDirectory(Tree).FullName, files, cancellationToken);

        Say("2. Starting a server. Its bucket is a directory: no S3 server is needed");
        await using var server = await DemoServer.StartAsync(context, Data, Path.Combine(directory, "scratch"), cancellationToken);
        Tell($"Sluice is ready on {server.Url}");

        Say("3. CreateFileSystem over that directory, CreateDataRepositoryAssociation with the bucket");
        var fileSystemId = await server.CreateFileSystemAsync(Tree, cancellationToken);
        Tell(fileSystemId);
        Tell($"{await server.LinkAsync(fileSystemId, cancellationToken)}: / <-> s3://{DemoServer.Bucket}/{DemoServer.Prefix}");

        var first = await CanceledExportAsync(server, fileSystemId, cancellationToken);
        var kept = await server.CountObjectsAsync(cancellationToken);
        Tell($"It ended {first.Lifecycle}: {Format.Files(Succeeded(first))} exported, {Format.Count(kept)} objects in the bucket. Exactly those.");
        ShowLedger();

        Say("5. Exporting again: only the rest is sent");
        var taskId = await server.StartExportAsync(fileSystemId, cancellationToken);
        var second = await server.FollowAsync(taskId, _ => false, cancellationToken);
        var all = await server.CountObjectsAsync(cancellationToken);
        Tell($"It ended {second.Lifecycle}: {Format.Files(Succeeded(second))} exported, {Format.Count(Failed(second))} failed.");
        Tell($"{Format.Count(Succeeded(first))} + {Format.Count(Succeeded(second))} = {Format.Count(Succeeded(first) + Succeeded(second))} files, {Format.Count(all)} objects in the bucket.");

        Say("6. One file could not be exported, on purpose: its key would be longer than S3 allows. The completion report has its row");
        await ShowReportAsync(taskId, cancellationToken);
        var isReleasedAndBack = await new DemoRelease(context, server, fileSystemId, Tree, directory).TellAsync(cancellationToken);
        End();
        return isReleasedAndBack && first.Lifecycle == "CANCELED" && kept == Succeeded(first) && second.Lifecycle == "FAILED" && Failed(second) == 1
            && Succeeded(first) + Succeeded(second) == all;
    }

    private async Task<DataRepositoryTask> CanceledExportAsync(DemoServer server, string fileSystemId, CancellationToken cancellationToken)
    {
        Say("4. CreateDataRepositoryTask EXPORT_TO_REPOSITORY, and CancelDataRepositoryTask in the middle");
        var taskId = await server.StartExportAsync(fileSystemId, cancellationToken);
        Tell(taskId);
        await server.FollowAsync(taskId, sample => sample.Done > files * CancelAt, cancellationToken);
        Tell($"CancelDataRepositoryTask answers {await server.CancelAsync(taskId, cancellationToken)}: from here on no file begins, those in flight are finished.");
        return await server.FollowAsync(taskId, _ => false, cancellationToken);
    }

    /// <summary>A file that is in the bucket and one that is not, as 'sluice file state' shows them.</summary>
    private void ShowLedger()
    {
        var states = Directory.EnumerateFiles(Tree, "sample-*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => FileStateRow.Of(path, FileState.Inspect(path)))
            .ToList();
        Tell("The ledger on the files says the same ('sluice file state'):");
        foreach (var isArchived in new[] { true, false })
        {
            if (states.Find(row => ((HsmStates)row.States).HasFlag(HsmStates.Archived) == isArchived) is not { } row) continue;
            var words = isArchived ? string.Join(' ', row.Words) : "(not exported yet)";
            Tell(string.Create(CultureInfo.InvariantCulture, $"  {row.Path}: (0x{row.States:x8}) {words}"));
        }
    }

    private async Task ShowReportAsync(string taskId, CancellationToken cancellationToken)
    {
        var report = Path.Combine(Objects, "reports", taskId, "failures.csv");
        Tell($"s3://{DemoServer.Bucket}/{DemoServer.Prefix}/reports/{taskId}/failures.csv:");
        foreach (var row in await File.ReadAllLinesAsync(report, cancellationToken))
            Tell(row.Length <= ShownColumns ? $"  {row}" : $"  …{row[^ShownColumns..]}");
    }

    private void End()
    {
        Say("Done. The server is stopped; everything else is still there to look at:");
        Tell($"files      {Tree}");
        Tell($"bucket     {Objects}");
        Tell($"ledger     sluice file state {Tree}/run-00/*");
        Tell($"again      sluice serve --data {Data} --allow-root {Path.Combine(directory, "scratch")}");
        Tell($"remove it  rm -r {directory}");
        Say("On your own data:");
        Tell("without a server           sluice export /your/files s3://bucket/prefix --s3-endpoint URL");
        Tell("a server, any AWS client   sluice serve --allow-root /your     ('sluice help serve' tells more)");
    }

    private int Fail()
    {
        context.Error.WriteLine("sluice: the demo did not come out as it should; please report this output.");
        return ExitCodes.Failed;
    }

    private static long Succeeded(DataRepositoryTask task) => task.Status?.SucceededCount ?? 0;

    private static long Failed(DataRepositoryTask task) => task.Status?.FailedCount ?? 0;

    private void Say(string text)
    {
        context.Out.WriteLine();
        context.Out.WriteLine(text);
    }

    private void Tell(string text) => context.Out.WriteLine($"   {text}");
}
