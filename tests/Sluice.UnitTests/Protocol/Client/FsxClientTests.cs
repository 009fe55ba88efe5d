using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sluice.Protocol.Client;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Protocol.SigV4;
using Sluice.UnitTests.Protocol.SigV4;
using Xunit;

namespace Sluice.UnitTests.Protocol.Client;

public sealed class FsxClientTests
{
    private const string Canceling = """{"Lifecycle":"CANCELING","TaskId":"task-1"}""";

    private readonly FakeTimeProvider _clock = ExampleKeys.ClockAt("20261123T120000Z");

    [Theory]
    [InlineData("http://127.0.0.1:7480", "127.0.0.1:7480", "/")]
    [InlineData("http://[::1]:7480/", "[::1]:7480", "/")]
    [InlineData("https://fsx.us-east-1.amazonaws.com", "fsx.us-east-1.amazonaws.com", "/")]
    [InlineData("https://example.org:443/fsx%20api/", "example.org", "/fsx%20api/")]
    public async Task A_request_is_signed_as_it_is_sent(string endpoint, string host, string path)
    {
        var handler = new ScriptedHandler((HttpStatusCode.OK, Canceling));

        var answer = await CancelAsync(handler, endpoint);

        Assert.Equal("CANCELING", answer.Lifecycle);
        var request = Assert.Single(handler.Requests);
        Assert.Equal((host, path), (request.Header("Host"), request.Path));
        Assert.Equal("application/x-amz-json-1.1", request.Header("Content-Type"));
        Assert.Equal("AWSSimbaAPIService_v20180301.CancelDataRepositoryTask", request.Header("X-Amz-Target"));
        Assert.Equal("""{"TaskId":"task-1"}"""u8.ToArray(), request.Body.ToArray());
        Assert.Equal("AKIDEXAMPLE", new SigV4Verifier(new ExampleKeys(), "fsx", _clock).Verify(request).AccessKeyId);
    }

    [Fact]
    public async Task A_refusal_is_an_exception_with_code_message_status_and_request_id()
    {
        var handler = new ScriptedHandler((HttpStatusCode.BadRequest, """{"__type":"DataRepositoryTaskEnded","Message":"It has ended."}"""));

        var refusal = await Assert.ThrowsAsync<FsxClientException>(() => CancelAsync(handler));

        Assert.Equal(("DataRepositoryTaskEnded", "It has ended.", 400, "id-1"), (refusal.Code, refusal.Message, refusal.Status, refusal.RequestId));
        Assert.Single(handler.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, """{"__type":"InternalServerError","Message":"m"}""")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "")]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"ThrottlingException","message":"Rate exceeded"}""")]
    public async Task Throttling_and_server_faults_are_tried_twice_more(HttpStatusCode status, string body)
    {
        var handler = new ScriptedHandler((status, body), (status, body), (HttpStatusCode.OK, Canceling));
        _clock.AutoAdvanceAmount = TimeSpan.Zero;

        var call = CancelAsync(handler);
        await AdvanceUntilDoneAsync(call);

        Assert.Equal("CANCELING", (await call).Lifecycle);
        Assert.Equal(3, handler.Requests.Count);
    }

    [Fact]
    public async Task A_third_server_fault_is_the_callers()
    {
        var answer = (HttpStatusCode.InternalServerError, "");
        var handler = new ScriptedHandler(answer, answer, answer);

        var call = CancelAsync(handler);
        await AdvanceUntilDoneAsync(call);

        Assert.Equal(500, (await Assert.ThrowsAsync<FsxClientException>(() => call)).Status);
        Assert.Equal(3, handler.Requests.Count);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("null")]
    [InlineData("")]
    public async Task An_answer_of_something_else_is_an_exception_that_says_so(string body)
    {
        var refusal = await Assert.ThrowsAsync<FsxClientException>(() => CancelAsync(new ScriptedHandler((HttpStatusCode.OK, body))));

        Assert.Equal("InvalidAnswer", refusal.Code);
        Assert.Contains("something else listening", refusal.Message, StringComparison.Ordinal);
    }

    // The handler answers at once, so between two attempts only the fake clock is waited for.
    private async Task AdvanceUntilDoneAsync(Task call)
    {
        while (!call.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private async Task<CancelDataRepositoryTaskResponse> CancelAsync(ScriptedHandler handler, string endpoint = "http://127.0.0.1:7480")
    {
        using var http = new HttpClient(handler);
        var client = new FsxClient(http, new Uri(endpoint), new SigV4Signer(ExampleKeys.Credentials(), "us-east-1", "fsx", _clock), _clock);
        return await client.SendAsync(
            FsxOperations.CancelDataRepositoryTask, new CancelDataRepositoryTaskRequest { TaskId = "task-1" }, TestContext.Current.CancellationToken);
    }
}
