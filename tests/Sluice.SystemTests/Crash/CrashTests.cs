using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>
/// The real program, killed at its crash points while it runs a task, and started again: what it leaves is what it leaves undisturbed. With
/// <c>SLUICE_CRASH_POINTS=all</c> at every passing of every point, over a tree of <c>SLUICE_CRASH_ENTRIES</c> entries (a thousand then, else sixty).
/// </summary>
public sealed class CrashTests
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SLUICE_CRASH_POINTS") == "all";

    private static readonly int Entries =
        int.TryParse(Environment.GetEnvironmentVariable("SLUICE_CRASH_ENTRIES"), out var entries) ? entries : IsFull ? 1000 : 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_export_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Export);

    [Fact]
    public Task An_import_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Import);

    [Fact]
    public Task A_release_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Release);

    [Fact]
    public Task A_restore_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Restore);

    private static async Task DieAsync(string type)
    {
        var enumeration = new CrashEnumeration(type, CrashTree.Make(Entries), IsFull);
        Report(enumeration, await enumeration.RunAsync(Cancellation));
    }

    private static void Report(CrashEnumeration enumeration, IReadOnlyList<string> violations)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(enumeration.Summary);
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{string.Join("\n", violations)}");
    }
}
