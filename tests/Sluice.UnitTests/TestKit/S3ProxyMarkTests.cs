using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

/// <summary>The barrier on which every cancel trial rests.</summary>
public sealed class S3ProxyMarkTests
{
    private const int Clients = 8;
    private const int Marks = 400;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Eight threads send requests, each noting one after its bytes are with the kernel; every other request on a new connection, some
    /// only as a first byte. After each mark: what was noted before the call is logged before the mark.
    /// </summary>
    [Fact]
    public async Task What_was_sent_before_a_mark_is_logged_before_it()
    {
        await using var server = await StubServer.StartAsync((_, _) => Task.CompletedTask);
        await using var proxy = S3Proxy.Start(server.Url);
        var sent = new ConcurrentQueue<string>();
        var stop = 0;
        var threads = Enumerable.Range(0, Clients).Select(client => new Thread(() =>
        {
            for (var i = 0; Volatile.Read(ref stop) == 0;)
                i = SendSome(proxy.Endpoint, client, i, sent);
        })).ToList();
        threads.ForEach(thread => thread.Start());

        var marks = new List<(int Noted, long Clock)>();
        for (var i = 0; i < Marks || sent.Count <= Marks; i++)
        {
            var noted = sent.Count;
            marks.Add((noted, proxy.Mark()));
            await Task.Yield();
        }

        Volatile.Write(ref stop, 1);
        threads.ForEach(thread => thread.Join());
        _ = proxy.Mark();

        var clocks = proxy.Requests.Where(request => request.IsHeadKnown).ToDictionary(request => request.Key, request => request.Clock);
        var keys = sent.ToArray();
        foreach (var (noted, clock) in marks)
            Assert.All(keys[..noted].TakeLast(Clients * 4), key => Assert.True(clocks[key] < clock, $"{key} was sent before mark {clock}"));
    }

    [Fact]
    public async Task A_first_byte_alone_counts()
    {
        await using var server = await StubServer.StartAsync((_, _) => Task.CompletedTask);
        await using var proxy = S3Proxy.Start(server.Url);
        using var socket = Connect(proxy.Endpoint);

        socket.Send("G"u8);
        var mark = proxy.Mark();
        socket.Send("ET /bucket/late HTTP/1.1\r\nHost: x\r\n\r\n"u8);

        var request = await proxy.WaitForAsync(candidate => candidate.Key == "late", Cancel);
        Assert.True(request.Clock < mark);
    }

    [Fact]
    public async Task A_request_behind_another_counts()
    {
        var release = new TaskCompletionSource();
        await using var server = await StubServer.StartAsync((_, _) => Task.CompletedTask);
        await using var proxy = S3Proxy.Start(server.Url, _ => ProxyAction.Forward.When(release.Task));
        using var socket = Connect(proxy.Endpoint);

        socket.Send("PUT /bucket/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcPUT /bucket/2 HTTP/1.1\r\nHost: x\r\n\r\nP"u8);
        var mark = proxy.Mark();

        Assert.Equal(["1", "2", ""], proxy.Requests.Select(request => request.Key));
        Assert.All(proxy.Requests, request => Assert.True(request.Clock < mark));
        release.SetResult();
        _ = await proxy.WaitForAsync(request => request is { Key: "2", Status: 200 }, Cancel);
    }

    /// <summary>A few requests on one connection; the answers are read, so that none is pipelined.</summary>
    private static int SendSome(string endpoint, int client, int first, ConcurrentQueue<string> sent)
    {
        using var socket = Connect(endpoint);
        var buffer = new byte[4096];
        for (var i = first; i < first + 2; i++)
        {
            var request = Encoding.ASCII.GetBytes($"PUT /bucket/{client}-{i} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            var beginning = i % 3 == 0 ? 1 : request.Length;
            socket.Send(request.AsSpan(0, beginning));
            sent.Enqueue($"{client}-{i}");
            if (beginning < request.Length)
                socket.Send(request.AsSpan(beginning));
            if (socket.Receive(buffer) == 0)
                throw new IOException("The proxy closed the connection.");
        }

        return first + 2;
    }

    private static Socket Connect(string endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPEndPoint.Parse(endpoint["http://".Length..]));
        return socket;
    }
}
