using System.Net;
using Microsoft.Extensions.Logging;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Configuration;
using Sluice.CommandLine.Output;
using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Protocol.SigV4;
using Sluice.Repositories.Resolving;
using Sluice.Server;
using Sluice.Server.Security;

namespace Sluice.CommandLine.Demo;

/// <summary>The demo: a tree, a server on loopback, and the real API from create to a second export after a cancel.</summary>
internal sealed class DemoRun(CommandContext context, string directory, int files)
{
    private const string Bucket = "demo-bucket";
    private const string Prefix = "project";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var tree = Path.Combine(directory, "scratch", "project");
        var data = Path.Combine(directory, "data");
        Say($"1. Making {Format.Count(files)} files in {tree}");
        Directory.CreateDirectory(tree);
        DemoTree.Make(tree, files);
        Directory.CreateDirectory(Path.Combine(data, "buckets", Bucket));

        Say("2. Starting the server; the bucket is a directory, no S3 server is needed");
        var settings = SettingsFactory.Make(
            context, new ConfigurationFile(), data, new IPEndPoint(IPAddress.Loopback, 0), s3Endpoint: null, [Path.Combine(directory, "scratch")]);
        settings = settings with
        {
            Repositories = new RepositoryOptions { DefaultDirectory = Path.Combine(data, "buckets") },
            Engine = settings.Engine with { ProgressInterval = Interval, Concurrency = 8 },
        };
        await using var server = await SluiceServer.StartAsync(settings, logging => logging.SetMinimumLevel(LogLevel.Critical), cancellationToken);
        context.Out.WriteLine($"   Sluice is ready on {server.Url}");
        using var client = Connect(server.Url, data);

        Say("3. CreateFileSystem over that directory, CreateDataRepositoryAssociation with the bucket");
        var fileSystemId = await CreateFileSystemAsync(client, tree, cancellationToken);
        await LinkAsync(client, fileSystemId, cancellationToken);

        Say("4. CreateDataRepositoryTask EXPORT_TO_REPOSITORY, and CancelDataRepositoryTask in the middle");
        var first = await ExportAsync(client, fileSystemId, cancelAt: 0.4, cancellationToken);
        var inBucket = await CountObjectsAsync(data, cancellationToken);
        context.Out.WriteLine($"   {first.Lifecycle}: {Format.Count(Succeeded(first))} files exported of {Format.Count(first.Status!.TotalCount ?? 0)} found so far.");
        context.Out.WriteLine($"   The bucket holds {Format.Count(inBucket)} objects: exactly the exported ones. Not one began after the cancel was answered.");

        Say("5. Exporting again: only the rest is sent");
        var second = await ExportAsync(client, fileSystemId, cancelAt: null, cancellationToken);
        inBucket = await CountObjectsAsync(data, cancellationToken);
        context.Out.WriteLine($"   {second.Lifecycle}: {Format.Count(Succeeded(second))} exported, {Format.Count(second.Status!.FailedCount ?? 0)} failed.");
        context.Out.WriteLine(
            $"   {Format.Count(Succeeded(first))} + {Format.Count(Succeeded(second))} = {Format.Count(Succeeded(first) + Succeeded(second))} files; "
            + $"the bucket holds {Format.Count(inBucket)} objects of theirs.");
        context.Out.WriteLine($"   {second.FailureDetails?.Message}");

        Say("6. The completion report");
        var report = Path.Combine(data, "buckets", Bucket, "objects", Prefix, "reports", second.TaskId!, "failures.csv");
        foreach (var row in (await File.ReadAllTextAsync(report, cancellationToken)).TrimEnd('\n').Split('\n'))
            context.Out.WriteLine($"   …{row[Math.Max(0, row.Length - 90)..]}");

        End(tree, data);
        var isComplete = Succeeded(first) + Succeeded(second) == inBucket && first.Lifecycle == "CANCELED" && second.Lifecycle == "FAILED";
        if (!isComplete) context.Error.WriteLine("sluice: the demo did not come out as it should; please report this output.");
        return isComplete ? ExitCodes.Success : ExitCodes.Failed;
    }

    private void End(string tree, string data)
    {
        Say("Done. Everything is still there to look at:");
        context.Out.WriteLine($"   files      {tree}");
        context.Out.WriteLine($"   bucket     {Path.Combine(data, "buckets", Bucket, "objects", Prefix)}");
        context.Out.WriteLine($"   ledger     sluice file state {tree}/run-00/*");
        context.Out.WriteLine($"   remove it  rm -r {directory}");
        context.Out.WriteLine();
        context.Out.WriteLine("On your own data, without a server:   sluice export /your/files s3://bucket/prefix --s3-endpoint URL");
        context.Out.WriteLine("With the server and any AWS client:   sluice serve --allow-root /your   (see README.md)");
    }

    private static ServerClient Connect(string url, string data)
    {
        var principal = CredentialsFile.Load(CredentialsFile.PathIn(data));
        var keys = new SigningCredentials { AccessKeyId = principal.AccessKeyId, SecretAccessKey = principal.SecretAccessKey };
        var watch = new ServerOptionsGroup.BytesWatch { InnerHandler = new SocketsHttpHandler { UseProxy = false } };
        var http = new HttpClient(watch);
        return new ServerClient(
            http, new FsxClient(http, new Uri(url), new SigV4Signer(keys, "us-east-1", "fsx", TimeProvider.System), TimeProvider.System), watch);
    }

    private async Task<string> CreateFileSystemAsync(ServerClient client, string tree, CancellationToken cancellationToken)
    {
        var request = new CreateFileSystemRequest
        {
            ClientRequestToken = Tokens.New(),
            FileSystemType = "LUSTRE",
            FileSystemTypeVersion = "2.15",
            StorageCapacity = 1200,
            SubnetIds = ["subnet-00000000000000000"],
            LustreConfiguration = new CreateFileSystemLustreConfiguration { DeploymentType = "SCRATCH_2" },
            Tags = [new Tag { Key = "sluice:root", Value = tree }],
        };
        var response = await client.SendAsync(FsxOperations.CreateFileSystem, request, cancellationToken);
        context.Out.WriteLine($"   {response.FileSystem!.FileSystemId}");
        return response.FileSystem.FileSystemId!;
    }

    private async Task LinkAsync(ServerClient client, string fileSystemId, CancellationToken cancellationToken)
    {
        var request = new CreateDataRepositoryAssociationRequest
        {
            ClientRequestToken = Tokens.New(), FileSystemId = fileSystemId, FileSystemPath = "/", DataRepositoryPath = $"s3://{Bucket}/{Prefix}",
        };
        var id = (await client.SendAsync(FsxOperations.CreateDataRepositoryAssociation, request, cancellationToken)).Association!.AssociationId!;
        context.Out.WriteLine($"   {id}: / ↔ s3://{Bucket}/{Prefix}");
        while (true)
        {
            var described = await client.SendAsync(
                FsxOperations.DescribeDataRepositoryAssociations, new DescribeDataRepositoryAssociationsRequest { AssociationIds = [id] }, cancellationToken);
            if (described.Associations![0].Lifecycle == "AVAILABLE") return;
            await Task.Delay(Interval, context.Time, cancellationToken);
        }
    }

    private async Task<DataRepositoryTask> ExportAsync(ServerClient client, string fileSystemId, double? cancelAt, CancellationToken cancellationToken)
    {
        var request = new CreateDataRepositoryTaskRequest
        {
            ClientRequestToken = Tokens.New(),
            Type = "EXPORT_TO_REPOSITORY",
            FileSystemId = fileSystemId,
            Report = new CompletionReport
            {
                Enabled = true, Path = $"s3://{Bucket}/{Prefix}/reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY",
            },
        };
        var taskId = (await client.SendAsync(FsxOperations.CreateDataRepositoryTask, request, cancellationToken)).DataRepositoryTask!.TaskId!;
        context.Out.WriteLine($"   {taskId}");
        var watcher = new TaskWatcher(context, client);
        var line = new ProgressLine(context);
        while (true)
        {
            var task = await TaskWatcher.DescribeAsync(client, taskId, cancellationToken);
            var sample = watcher.SampleOf(task);
            line.Show(sample);
            if (task.EndTime is not null)
            {
                line.End(sample);
                return task;
            }

            if (cancelAt is { } share && task.Lifecycle == "EXECUTING" && sample.Done > files * share)
            {
                cancelAt = null;
                var answer = await client.SendAsync(
                    FsxOperations.CancelDataRepositoryTask, new CancelDataRepositoryTaskRequest { TaskId = taskId }, cancellationToken);
                line.End(sample);
                context.Out.WriteLine($"   CancelDataRepositoryTask answered {answer.Lifecycle}");
            }

            await Task.Delay(Interval, context.Time, cancellationToken);
        }
    }

    private async Task<long> CountObjectsAsync(string data, CancellationToken cancellationToken)
    {
        using var resolver = new RepositoryResolver(new RepositoryOptions { DefaultDirectory = Path.Combine(data, "buckets") }, context.Time);
        var repository = resolver.Resolve(Bucket);
        return await repository.ListAsync($"{Prefix}/", startAfter: null, cancellationToken)
            .CountAsync(item => !item.Key.StartsWith($"{Prefix}/reports/", StringComparison.Ordinal), cancellationToken);
    }

    private static long Succeeded(DataRepositoryTask task) => task.Status?.SucceededCount ?? 0;

    private void Say(string text)
    {
        context.Out.WriteLine();
        context.Out.WriteLine(text);
    }
}
