using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>The real program, killed at the crash points it passes behind the answer to a cancel: the task ends CANCELED, and nothing of it starts any more.</summary>
public sealed class CanceledCrashTests
{
    private const int Entries = 60;

    // Which points a task passes behind the answer depends on what was in flight then, as the order of the scan wants it, and what was only asked for is given up
    // at once: a round may learn of few moments, or of some that do not come again. The points of a task's end alone are as many as are asked for where it has
    // a report, at which it is held; else it may be over before a death is ordered.
    private const int LeastDeaths = 8;
    private const int MostRounds = 5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="type">What is canceled.</param>
    [Theory]
    [InlineData(TaskTypes.Export)]
    [InlineData(TaskTypes.Import)]
    [InlineData(TaskTypes.Release)]
    [InlineData(TaskTypes.Restore)]
    public async Task A_canceled_task_whose_process_dies_ends_canceled_and_starts_nothing(string type)
    {
        await using var lane = await CrashLane.StartAsync(Cancellation);
        var course = CrashCourse.Of(type, lane, CrashTree.Make(Entries));
        var deaths = new HashSet<CrashMoment>();
        for (var round = 0; round < MostRounds && deaths.Count < LeastDeaths; round++)
        {
            var moments = await LearnAsync(course, round);
            foreach (var moment in moments.Except(deaths).ToList())
            {
                if (await DieAsync(course, round, moment)) deaths.Add(moment);
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{type}, round {round}: {string.Join(", ", deaths)}; not reached: {string.Join(", ", moments.Except(deaths))}");
        }

        Assert.True(deaths.Count >= LeastDeaths, $"{deaths.Count} deaths: {string.Join(", ", deaths)}");
    }

    /// <summary>The first and the last passing of each point behind the answer.</summary>
    private static async Task<IReadOnlyList<CrashMoment>> LearnAsync(CrashCourse course, int round)
    {
        var trial = await CanceledTrial.BeginAsync(course, $"undisturbed-{round}", static lane => lane.ForgetPassings(), Cancellation);
        await CheckAsync(trial, "undisturbed", mayDie: false);
        return [.. course.Lane.Passings().CountBy(point => point)
            .SelectMany(point => new[] { 1, point.Value }.Distinct().Select(passing => new CrashMoment(point.Key, passing)))];
    }

    /// <returns>Whether the moment came.</returns>
    private static async Task<bool> DieAsync(CrashCourse course, int round, CrashMoment moment)
    {
        var token = $"canceled-{round}-{moment.Point.Replace(':', '-')}-{moment.Passing}";
        var trial = await CanceledTrial.BeginAsync(
            course,
            token,
            lane =>
            {
                lane.ForgetPassings();
                lane.Order(moment);
            },
            Cancellation);
        return await CheckAsync(trial, $"{moment}", mayDie: true);
    }

    private static async Task<bool> CheckAsync(CanceledTrial trial, string moment, bool mayDie)
    {
        var (facts, hasDied) = await trial.EndAsync(Cancellation);
        Assert.True(mayDie || !hasDied, "The process died unasked.");
        var violations = CanceledContract.Violations(facts).ToList();
        Assert.True(violations.Count == 0, $"{facts.Type} {moment}: {string.Join("; ", violations)}");
        return hasDied;
    }
}
