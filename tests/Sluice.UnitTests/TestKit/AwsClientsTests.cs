using Microsoft.AspNetCore.Http;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

/// <summary>Each real client finds the endpoint and the keys it is given, and nothing else of the machine's configuration.</summary>
public sealed class AwsClientsTests
{
    private static readonly SluiceCredentials Keys = new("AKIDTEST", "secret");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task boto3_reaches_the_server()
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);

        var result = await PythonScript.RunAsync(
            """
            import boto3, os, sys
            fsx = boto3.client("fsx", endpoint_url=os.environ["AWS_ENDPOINT_URL_FSX"])
            print(fsx.describe_data_repository_tasks()["DataRepositoryTasks"], sys.argv[1])
            """,
            AwsClients.Environment(server.Url, Keys),
            Cancel,
            "argument");

        Assert.Equal("[] argument\n", result.EnsureSuccess().Output);
    }

    [Fact]
    public async Task The_AWS_CLI_reaches_the_server()
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);

        var result = await AwsCli.FsxAsync(AwsClients.Environment(server.Url, Keys), Cancel, "describe-data-repository-tasks");

        Assert.Contains("DataRepositoryTasks", result.EnsureSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_SDK_for_JavaScript_reaches_the_server()
    {
        await using var server = await StubServer.StartAsync(AnswerAsync);

        var result = await NodeScript.RunAsync(
            """
            import { FSxClient, DescribeDataRepositoryTasksCommand } from "@aws-sdk/client-fsx";
            const answer = await new FSxClient({}).send(new DescribeDataRepositoryTasksCommand({}));
            console.log(JSON.stringify(answer.DataRepositoryTasks));
            """,
            AwsClients.Environment(server.Url, Keys),
            Cancel);

        Assert.Equal("[]\n", result.EnsureSuccess().Output);
    }

    private static Task AnswerAsync(HttpContext context, byte[] body)
    {
        var authorized = context.Request.Headers.Authorization.ToString().Contains("Credential=AKIDTEST/", StringComparison.Ordinal);
        var isDescribe = context.Request.Headers["X-Amz-Target"] == "AWSSimbaAPIService_v20180301.DescribeDataRepositoryTasks";
        context.Response.StatusCode = authorized && isDescribe ? 200 : 400;
        context.Response.ContentType = "application/x-amz-json-1.1";
        return context.Response.WriteAsync("""{"DataRepositoryTasks":[]}""");
    }
}
