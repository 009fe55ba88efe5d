using System.Text;
using Sluice.Protocol.Operations;
using Sluice.Server.Edge;
using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>Clients that connect in masses and send hardly anything, or nearly everything: they get an end, and others their answers.</summary>
public sealed class SlowClientTests
{
    private const int Clients = 500;
    private const long MostResidentBytes = 512L << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_sends_slowly_is_ended_and_takes_neither_memory_nor_anybodys_turn()
    {
        await using var edge = await EdgeServer.StartAsync(Cancel);
        var whole = edge.Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, new byte[RequestBodies.MaxBytes]).ToBytes();
        var small = edge.Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, "{}"u8.ToArray()).ToBytes();
        byte[][] beginnings = [[], small[..1], small[..(small.Length / 2)], small[..^1], whole[..^1]];
        var slow = new List<RawConnection>();
        try
        {
            foreach (var beginning in beginnings)
            {
                for (var i = 0; i < Clients; i++)
                {
                    var connection = await RawConnection.OpenAsync(edge.Address, Cancel);
                    slow.Add(connection);
                    await connection.SendAsync(beginning, Cancel);
                }

                await AskAsync(edge);
            }

            // All but those that never began a request, which may stay connected as any idle client.
            foreach (var connection in slow.Skip(Clients))
            {
                while (await connection.ReceiveAsync("POST", Cancel) is { } answer) Assert.InRange(answer.Status, 400, 503);
            }

            var facts = edge.Facts;
            TestContext.Current.TestOutputHelper?.WriteLine($"{slow.Count} slow clients; the server has {facts}");
            Assert.True(facts.PeakBytes < MostResidentBytes, $"The server needed {facts}.");
            await AskAsync(edge);
        }
        finally
        {
            slow.ForEach(connection => connection.Dispose());
        }

        await edge.CheckWellAsync(Cancel);
    }

    [Fact]
    public async Task Clients_that_drip_are_ended_too()
    {
        await using var edge = await EdgeServer.StartAsync(Cancel);
        var request = edge.Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, Encoding.ASCII.GetBytes(new string(' ', 500_000))).ToBytes();
        int[] starts = [0, request.Length - 400_000];
        foreach (var start in starts)
        {
            using var connection = await RawConnection.OpenAsync(edge.Address, Cancel);
            await connection.SendAsync(request.AsMemory(0, start), Cancel);
            var answer = connection.ReceiveAsync("POST", Cancel);
            for (var at = start; !answer.IsCompleted && await connection.SendAsync(request.AsMemory(at, 1), Cancel); at++)
                await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel));

            Assert.Equal(408, (await answer)?.Status ?? 408);
        }

        await edge.CheckWellAsync(Cancel);
    }

    [Fact]
    public async Task More_connections_than_the_limit_are_closed_and_the_others_served()
    {
        await using var edge = await EdgeServer.StartAsync(Cancel);
        var connections = new List<RawConnection>();
        try
        {
            for (var i = 0; i < EdgeLimits.MaxConnections + 100; i++) connections.Add(await RawConnection.OpenAsync(edge.Address, Cancel));
            var request = edge.Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, "{}"u8.ToArray());
            var served = 0;
            foreach (var connection in connections)
            {
                await connection.SendAsync(request.ToBytes(), Cancel);
                if (await connection.ReceiveAsync("POST", Cancel) is not { } answer) continue;
                Assert.Equal(200, answer.Status);
                served++;
            }

            Assert.InRange(served, 1, EdgeLimits.MaxConnections);
            TestContext.Current.TestOutputHelper?.WriteLine($"{served} of {connections.Count} connections served; the server has {edge.Facts}");
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }

        while (!await IsServedAsync(edge)) await Task.Yield();
        await edge.CheckWellAsync(Cancel);
    }

    private static async Task AskAsync(EdgeServer edge) =>
        Assert.Equal(200, (await edge.AskAsync(edge.Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, "{}"u8.ToArray()), Cancel)).Answer.Status);

    private static async Task<bool> IsServedAsync(EdgeServer edge)
    {
        using var connection = await RawConnection.OpenAsync(edge.Address, Cancel);
        await connection.SendAsync(edge.Administrator().Signed(FsxOperations.DescribeFileSystems.Info.Target, "{}"u8.ToArray()).ToBytes(), Cancel);
        return await connection.ReceiveAsync("POST", Cancel) is not null;
    }
}
