using Sluice.TestKit;
using Xunit;

namespace Sluice.WireTests.Clients;

/// <summary>A cancel that can't be made durable is InternalServerError, to every client; the server stays up and answers rightly afterwards.</summary>
public sealed class InternalErrorTests
{
    private const string WithBoto3 = """
        import boto3, os, sys
        from botocore.config import Config
        fsx = boto3.client("fsx", endpoint_url=os.environ["AWS_ENDPOINT_URL_FSX"], config=Config(retries={"max_attempts": 0}))
        try:
            fsx.cancel_data_repository_task(TaskId=sys.argv[1])
        except fsx.exceptions.InternalServerError as e:
            print(e.response["ResponseMetadata"]["HTTPStatusCode"])
        """;

    private const string WithJavaScript = """
        import { FSxClient, CancelDataRepositoryTaskCommand, InternalServerError } from "@aws-sdk/client-fsx";
        try {
          await new FSxClient({ maxAttempts: 1 }).send(new CancelDataRepositoryTaskCommand({ TaskId: process.argv[2] }));
        } catch (e) {
          if (e instanceof InternalServerError) console.log(e.$metadata.httpStatusCode);
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_catalog_that_can_not_be_written_is_an_internal_error_to_every_client()
    {
        await using var rig = await WalkthroughRig.StartAsync(onS3: false, Cancellation);
        await using var locker = await CatalogLock.TakeAsync(rig.Server.DataDirectory, Cancellation);
        var client = new Dictionary<string, string?>(rig.Server.ClientEnvironment()) { ["AWS_MAX_ATTEMPTS"] = "1" };
        var task = WalkthroughRig.Ended.Value;

        var boto3 = PythonScript.RunAsync(WithBoto3, client, Cancellation, task);
        var javaScript = NodeScript.RunAsync(WithJavaScript, client, Cancellation, task);
        var cli = AwsCli.FsxAsync(client, Cancellation, "cancel-data-repository-task", "--task-id", task);

        Assert.Equal("500\n", (await boto3).EnsureSuccess().Output);
        Assert.Equal("500\n", (await javaScript).EnsureSuccess().Output);
        Assert.Equal(254, (await cli).ExitCode);
        Assert.Contains("(InternalServerError) when calling the CancelDataRepositoryTask", (await cli).Error, StringComparison.Ordinal);

        await locker.DisposeAsync();
        var answer = await AwsCli.FsxAsync(client, Cancellation, "cancel-data-repository-task", "--task-id", task);
        Assert.Contains("(DataRepositoryTaskEnded)", answer.Error, StringComparison.Ordinal);
    }
}
