using System.Globalization;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>Rounds of a race, each from a seed that a failure prints. <c>SLUICE_ESCAPE_ROUNDS</c> sets how many, <c>SLUICE_ESCAPE_SEED</c> the first.</summary>
internal static class EscapeRounds
{
    private const long ByDefault = 6;

    /// <summary>Runs them, one after the other.</summary>
    public static async Task RunAsync(Func<int, Random, Task> round)
    {
        var (count, first) = ((int)Counts.Of("SLUICE_ESCAPE_ROUNDS", ByDefault), (int)Counts.Of("SLUICE_ESCAPE_SEED", 1));
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                await round(seed, new Random(seed));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {e.Message}"), e);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} rounds from seed {first}");
    }
}
