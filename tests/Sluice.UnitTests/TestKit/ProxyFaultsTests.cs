using Microsoft.AspNetCore.Http;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class ProxyFaultsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_seed_repeats_its_faults_in_any_order_of_requests()
    {
        var keys = Enumerable.Range(0, 60).ToArray();

        var forwards = await ActionsAsync(1, keys);
        var backwards = await ActionsAsync(1, keys.Reverse());
        var other = await ActionsAsync(2, keys);

        Assert.Equal(forwards, backwards);
        Assert.NotEqual(forwards, other);
        Assert.Contains(forwards.Values, kind => kind != nameof(ProxyActionKind.Forward));
    }

    [Fact]
    public async Task A_request_that_is_tried_again_gets_through()
    {
        var rates = new ProxyFaultRates { ServerError = 1, MostPerRequest = 2 };
        await using var server = await StubServer.StartAsync((_, _) => Task.CompletedTask);
        await using var proxy = S3Proxy.Start(server.Url, ProxyFaults.Random(3, rates));
        using var client = new HttpClient { BaseAddress = new(proxy.Endpoint) };

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
            statuses.Add((int)(await client.GetAsync("/bucket/key", Cancel)).StatusCode);

        Assert.Equal([500, 500, 200], statuses);
    }

    private static async Task<SortedDictionary<string, string>> ActionsAsync(ulong seed, IEnumerable<int> keys)
    {
        var rates = new ProxyFaultRates
        {
            ServerError = 0.2,
            SlowDown = 0.2,
            CutBeforeForward = 0,
            CutAfterForward = 0,
            TruncateAnswer = 0,
        };
        await using var server = await StubServer.StartAsync((context, _) => context.Response.WriteAsync("x"));
        await using var proxy = S3Proxy.Start(server.Url, ProxyFaults.Random(seed, rates));
        using var client = new HttpClient { BaseAddress = new(proxy.Endpoint) };
        foreach (var key in keys)
            _ = await client.GetAsync($"/bucket/{key}", Cancel);
        _ = proxy.Mark();
        return new(proxy.Requests.ToDictionary(request => request.Key, request => request.Action!.Kind.ToString()));
    }
}
