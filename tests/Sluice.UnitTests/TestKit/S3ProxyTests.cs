using System.Net;
using Microsoft.AspNetCore.Http;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class S3ProxyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_are_logged_by_what_they_ask()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url);
        using var client = Client(proxy);

        await client.PutAsync("/bucket/a%20b/%C3%BC?partNumber=7&uploadId=x%2Fy", Content(5), Cancel);
        await client.PostAsync("/bucket/key?uploads", Content(0), Cancel);
        await client.GetAsync("/bucket?list-type=2&prefix=p", Cancel);
        var mark = proxy.Mark();

        Assert.Equal(["UploadPart", "CreateMultipartUpload", "ListObjects"], proxy.Requests.Select(request => request.Operation));
        var part = proxy.Requests[0];
        Assert.Equal(("PUT", "bucket", "a b/ü", "x/y", 7), (part.Method, part.Bucket, part.Key, part.UploadId, part.PartNumber));
        Assert.Equal("5", part.Headers["content-length"]);
        Assert.Equal((200, 200), (part.ServerStatus, part.Status));
        Assert.True(part.Clock < part.ForwardClock && part.ForwardClock < part.EndClock && part.EndClock < mark);
        Assert.Equal(3, server.Seen.Count);
    }

    [Fact]
    public async Task Connections_are_kept_alive()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url);
        using var client = Client(proxy);

        for (var i = 0; i < 100; i++)
            Assert.Equal($"{i}", await (await client.PutAsync($"/bucket/{i}", Content(i), Cancel)).Content.ReadAsStringAsync(Cancel));

        Assert.Equal(100, proxy.Requests.Count);
        Assert.Single(proxy.Requests.Select(request => request.Connection).Distinct());
    }

    [Fact]
    public async Task Big_bodies_pass_unchanged_both_ways()
    {
        const int Size = 64 * 1024 * 1024;
        var content = TestContent.Bytes(1, Size);
        await using var server = await StubServer.StartAsync((context, body) => context.Response.Body.WriteAsync(body).AsTask());
        await using var proxy = S3Proxy.Start(server.Url);
        using var client = Client(proxy);

        using var answer = await client.PutAsync("/bucket/big", new ByteArrayContent(content), Cancel);
        var back = await answer.Content.ReadAsByteArrayAsync(Cancel);

        Assert.True(back.AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task Bodies_of_unknown_length_pass_unchanged()
    {
        var content = TestContent.Bytes(2, 100_000);
        await using var server = await StubServer.StartAsync((context, body) => context.Response.Body.WriteAsync(body).AsTask());
        await using var proxy = S3Proxy.Start(server.Url);
        using var client = Client(proxy);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/bucket/chunked") { Content = new ByteArrayContent(content) };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await client.SendAsync(request, Cancel);

        Assert.True((await answer.Content.ReadAsByteArrayAsync(Cancel)).AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task A_body_held_back_until_leave_is_given_passes()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url);
        using var client = Client(proxy);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/bucket/key") { Content = Content(1000) };
        request.Headers.ExpectContinue = true;

        using var answer = await client.SendAsync(request, Cancel);

        Assert.Equal("1000", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answered_request_never_reaches_the_server(bool expectContinue)
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.Answer(503, "SlowDown"));
        using var client = Client(proxy);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/bucket/key") { Content = Content(3_000_000) };
        request.Headers.ExpectContinue = expectContinue;

        using var answer = await client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("<Code>SlowDown</Code>", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        _ = proxy.Mark();
        Assert.Empty(server.Seen);
        Assert.Equal((null, null, 503), (proxy.Requests[0].ServerStatus, proxy.Requests[0].ForwardClock, proxy.Requests[0].Status));
    }

    [Fact]
    public async Task A_request_cut_before_never_reaches_the_server()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.CutBeforeForward);
        using var client = Client(proxy);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PutAsync("/bucket/key", Content(10), Cancel));

        _ = proxy.Mark();
        Assert.Empty(server.Seen);
        Assert.Null(proxy.Requests[0].Status);
    }

    [Fact]
    public async Task A_request_cut_after_is_done_and_its_answer_lost()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.CutAfterForward);
        using var client = Client(proxy);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.PutAsync("/bucket/key", Content(10), Cancel));

        _ = proxy.Mark();
        Assert.Equal(["PUT /bucket/key 10"], server.Seen);
        Assert.Equal((200, null), (proxy.Requests[0].ServerStatus, proxy.Requests[0].Status));
    }

    [Fact]
    public async Task A_truncated_answer_breaks_off()
    {
        await using var server = await StubServer.StartAsync((context, body) =>
        {
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.TruncateAnswer);
        using var client = Client(proxy);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PutAsync("/bucket/key", Content(5000), Cancel));

        Assert.Equal(["PUT /bucket/key 5000"], server.Seen);
    }

    [Fact]
    public async Task A_corrupted_request_differs_in_one_bit()
    {
        var content = TestContent.Bytes(9, 5000);
        await using var server = await StubServer.StartAsync((context, body) => context.Response.Body.WriteAsync(body).AsTask());
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.CorruptRequest);
        using var client = Client(proxy);

        var arrived = await (await client.PutAsync("/bucket/key", Content(5000), Cancel)).Content.ReadAsByteArrayAsync(Cancel);

        Assert.Equal(1, DifferentBits(content, arrived));
    }

    [Fact]
    public async Task A_corrupted_answer_differs_in_one_bit()
    {
        var content = TestContent.Bytes(9, 5000);
        await using var server = await StubServer.StartAsync((context, _) =>
        {
            context.Response.ContentLength = content.Length;
            return context.Response.Body.WriteAsync(content).AsTask();
        });
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.CorruptAnswer);
        using var client = Client(proxy);

        Assert.Equal(1, DifferentBits(content, await client.GetByteArrayAsync("/bucket/key", Cancel)));
    }

    [Fact]
    public async Task A_duplicated_request_is_done_twice_and_answered_once()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url, request => request.Key == "twice" ? ProxyAction.Duplicate : ProxyAction.Forward);
        using var client = Client(proxy);

        foreach (var key in new[] { "twice", "once" })
            Assert.Equal("10", await (await client.PutAsync($"/bucket/{key}", Content(10), Cancel)).Content.ReadAsStringAsync(Cancel));

        Assert.Equal(["PUT /bucket/twice 10", "PUT /bucket/twice 10", "PUT /bucket/once 10"], server.Seen);
    }

    [Fact]
    public async Task A_hanging_request_is_never_answered()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.Hang);
        using var client = Client(proxy);
        using var leaving = new CancellationTokenSource();

        var answer = client.PutAsync("/bucket/key", Content(10), leaving.Token);
        _ = await proxy.WaitForAsync(request => request.Key == "key", Cancel);
        Assert.False(answer.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);

        _ = await proxy.WaitForAsync(request => request.EndClock is not null, Cancel);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Who_waits_sees_what_the_rule_did()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        var isAsked = false;
        await using var proxy = S3Proxy.Start(server.Url, _ =>
        {
            isAsked = true;
            return ProxyAction.Hang;
        });
        using var client = Client(proxy);
        var waiting = proxy.WaitForAsync(_ => isAsked, Cancel);
        _ = proxy.Mark();

        using var leaving = new CancellationTokenSource();
        var answer = client.PutAsync("/bucket/key", Content(10), leaving.Token);
        var seen = await waiting;
        Assert.Null(seen.EndClock);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task A_held_request_goes_on_when_it_is_released()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        var release = new TaskCompletionSource();
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.Forward.When(release.Task));
        using var client = Client(proxy);

        var answer = client.PutAsync("/bucket/key", Content(10), Cancel);
        _ = await proxy.WaitForAsync(request => request.Key == "key", Cancel);
        _ = proxy.Mark();
        Assert.Null(proxy.Requests[0].ForwardClock);
        release.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
    }

    [Fact]
    public async Task A_delayed_request_waits()
    {
        await using var server = await StubServer.StartAsync(EchoLengthAsync);
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.Delay(50));
        using var client = Client(proxy);
        var time = System.Diagnostics.Stopwatch.StartNew();

        _ = await client.PutAsync("/bucket/key", Content(10), Cancel);

        Assert.InRange(time.ElapsedMilliseconds, 45, 30_000);
    }

    [Fact]
    public async Task Without_a_server_the_connection_is_cut()
    {
        await using var proxy = S3Proxy.Start("http://127.0.0.1:1");
        using var client = Client(proxy);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/bucket/key", Cancel));
    }

    [Fact]
    public async Task A_rule_that_throws_fails_the_next_mark()
    {
        await using var proxy = S3Proxy.Start("http://127.0.0.1:1", _ => throw new InvalidDataException("bad rule"));
        using var client = Client(proxy);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/bucket/key", Cancel));

        Assert.IsType<InvalidDataException>(Assert.Throws<InvalidOperationException>(() => proxy.Mark()).InnerException);
    }

    private static Task EchoLengthAsync(HttpContext context, byte[] body) => context.Response.WriteAsync($"{body.Length}");

    private static int DifferentBits(byte[] first, byte[] second)
    {
        Assert.Equal(first.Length, second.Length);
        return first.Zip(second, (one, other) => System.Numerics.BitOperations.PopCount((uint)(one ^ other))).Sum();
    }

    private static HttpClient Client(S3Proxy proxy) => new() { BaseAddress = new(proxy.Endpoint) };

    private static ByteArrayContent Content(int bytes) => new(TestContent.Bytes(9, bytes));
}
