using System.Collections.Concurrent;
using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>
/// Learns which crash points a task passes, then has its process die at each in turn. Several lanes share the work: most of a trial is waiting for a process to start.
/// </summary>
/// <param name="type">The type of the tasks.</param>
/// <param name="tree">The tree they work on.</param>
/// <param name="passings">At how many passings of each point: one, for which first, middle and last take turns from point to point; or as many, evenly spread.</param>
/// <param name="tell">Told of each trial.</param>
internal sealed class CrashEnumeration(string type, TreeBuilder tree, int passings, Action<string> tell)
{
    private const int Lanes = 4;
    private const int MostTold = 12;

    // Of the points of a recovery, where not every passing is wanted, one in so many.
    private const int Thinning = 3;

    private readonly ConcurrentQueue<string> _violations = [];
    private readonly ConcurrentQueue<CrashMoment> _notReached = [];
    private int _deaths;

    /// <summary>What came of it, for people.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Dies once at each point, then finishes.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken)
    {
        await using var first = await CrashLane.StartAsync(cancellationToken);
        var course = CrashCourse.Of(type, first, tree);
        var (facts, passed) = await LearnAsync(course, cancellationToken);
        var moments = Choose(passed, passings).Select(moment => new[] { moment }).ToList();
        await TryAllAsync(course, facts, moments, cancellationToken);
        Summary = $"{type}: {facts.Count} facts, {passed.Count} passings of {passed.Distinct().Count()} points; "
            + $"{moments.Count} trials, {_deaths} deaths; not reached: {string.Join(", ", _notReached)}";
        return Violations;
    }

    /// <summary>Dies at a point, and again at each point that the next process passes while it recovers and goes on.</summary>
    /// <param name="before">The point of the first death: the passing in the middle.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<string>> RunRecoveryAsync(string before, CancellationToken cancellationToken)
    {
        await using var first = await CrashLane.StartAsync(cancellationToken);
        var course = CrashCourse.Of(type, first, tree);
        var (facts, passed) = await LearnAsync(course, cancellationToken);
        var moment = new CrashMoment(before, (passed.Count(point => point == before) + 1) / 2);
        var recovered = await TryAsync(course, facts, [moment], cancellationToken);
        if (_deaths != 1) throw new InvalidOperationException($"{moment} was not reached.");
        var moments = Choose(recovered, passings).Where((_, index) => passings > 1 || index % Thinning == 0).Select(second => new[] { moment, second }).ToList();
        await TryAllAsync(course, facts, moments, cancellationToken);
        Summary = $"{type} after {moment}: {recovered.Count} passings of {recovered.Distinct().Count()} points; "
            + $"{moments.Count} trials, {_deaths} deaths; not reached: {string.Join(", ", _notReached)}";
        return Violations;
    }

    private IReadOnlyList<string> Violations => [.. _violations];

    private static async Task<(IReadOnlyList<string> Facts, IReadOnlyList<string> Passings)> LearnAsync(CrashCourse course, CancellationToken cancellationToken)
    {
        await course.PrepareAsync(cancellationToken);
        course.Lane.ForgetPassings();
        var taskId = await course.BeginAsync("undisturbed", cancellationToken);
        var ended = await course.Lane.EndOrDieAsync(taskId, cancellationToken) ?? throw new InvalidOperationException("The process died unasked.");
        var facts = await course.FactsAsync(ended, cancellationToken);
        return (facts, course.Lane.Passings());
    }

    private static List<CrashMoment> Choose(IReadOnlyList<string> passed, int most) =>
        [.. passed.CountBy(point => point).SelectMany((point, index) => Spread(point.Value, most, index).Select(passing => new CrashMoment(point.Key, passing)))];

    private static IEnumerable<int> Spread(int count, int most, int index)
    {
        if (most == 1) return [(index % 3) switch { 0 => 1, 1 => (count + 1) / 2, _ => count }];
        var chosen = Math.Min(count, most);
        return Enumerable.Range(0, chosen).Select(i => chosen == 1 ? 1 : 1 + (int)((long)i * (count - 1) / (chosen - 1)));
    }

    private async Task TryAllAsync(
        CrashCourse firstCourse, IReadOnlyList<string> facts, List<CrashMoment[]> moments, CancellationToken cancellationToken)
    {
        var left = new ConcurrentQueue<CrashMoment[]>(moments);
        await Parallel.ForAsync(0, Lanes, new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken }, async (number, cancel) =>
        {
            await using var own = number == 0 ? null : await CrashLane.StartAsync(cancel);
            var course = own is null ? firstCourse : CrashCourse.Of(type, own, tree);
            while (_violations.Count < MostTold && left.TryDequeue(out var next)) _ = await TryAsync(course, facts, next, cancel);
        });
    }

    /// <returns>What the last process passed.</returns>
    private async Task<IReadOnlyList<string>> TryAsync(CrashCourse course, IReadOnlyList<string> facts, CrashMoment[] moments, CancellationToken cancellationToken)
    {
        var trial = new CrashTrial(course, facts);
        var violations = await trial.RunAsync(moments, cancellationToken);
        foreach (var violation in violations) _violations.Enqueue($"{string.Join(", ", moments)}: {violation}");
        tell($"{type} {string.Join(", ", moments)}: {trial.Deaths} deaths, {violations.Count} violations {string.Join(" | ", violations)}");
        Interlocked.Add(ref _deaths, trial.Deaths);
        if (trial.Deaths < moments.Length) _notReached.Enqueue(moments[trial.Deaths]);
        return trial.LastPassings;
    }
}
