using System.Collections.Concurrent;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>
/// Requests made from the service model, valid, nearly valid and hostile, against a real server. <c>SLUICE_FUZZ_REQUESTS</c> sets how many (100,000 by
/// default), <c>SLUICE_FUZZ_SEED</c> the seed, which is printed.
/// </summary>
public sealed class FuzzTests
{
    private const int Clients = 8;
    private const int MostShown = 10;
    private const long MostResidentBytes = 512L << 20;

    [Fact]
    public async Task No_request_is_answered_with_a_fault_of_the_server_or_with_none()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var count = Counts.Of("SLUICE_FUZZ_REQUESTS", 100_000);
        var seed = (int)Counts.Of("SLUICE_FUZZ_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"SLUICE_FUZZ_SEED={seed}");
        await using var edge = await EdgeServer.StartAsync(cancellationToken);
        var roots = FuzzRoots.MakeIn(edge.Temp);
        var ids = new KnownIds();
        var outcomes = new ConcurrentDictionary<string, int>();
        var violations = new ConcurrentQueue<string>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Clients),
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = cancellationToken },
            async (number, cancel) =>
            {
                var random = new Random(seed + number);
                var requests = new FuzzRequests(edge.Administrator(), new FuzzValues(ids, roots), new FuzzUsual(ids, roots), random);
                using var client = new FuzzClient(edge.Address, requests, ids, random, outcomes);
                for (var sent = 0L; sent < count / Clients && violations.Count < MostShown; sent++)
                {
                    if (await client.SendAsync(cancel) is { } violation) violations.Enqueue($"seed {seed}, client {number}, request {sent}: {violation}");
                }
            });

        var facts = edge.Facts;
        TestContext.Current.TestOutputHelper?.WriteLine($"{outcomes.Values.Sum()} answers; the server has {facts}");
        foreach (var (outcome, times) in outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal)) TestContext.Current.TestOutputHelper?.WriteLine($"{times,8} {outcome}");
        Assert.True(violations.IsEmpty, string.Join("\n\n", [.. violations.Take(MostShown), .. edge.Faults.Take(MostShown)]));
        Assert.True(facts.PeakBytes < MostResidentBytes, $"The server needed {facts}.");
        await edge.CheckWellAsync(cancellationToken);
    }
}
