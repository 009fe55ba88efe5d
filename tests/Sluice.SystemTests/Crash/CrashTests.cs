using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>
/// The real program, killed at its crash points while it runs a task, and started again: what it leaves is what it leaves undisturbed.
/// <c>SLUICE_CRASH_PASSINGS</c> sets at how many passings of each point (1 by default, <c>all</c> for every one), <c>SLUICE_CRASH_ENTRIES</c> how many entries
/// the tree has (60).
/// </summary>
public sealed class CrashTests
{
    private static readonly int Passings = Environment.GetEnvironmentVariable("SLUICE_CRASH_PASSINGS") == "all" ? int.MaxValue : (int)Counts.Of("SLUICE_CRASH_PASSINGS", 1);
    private static readonly int Entries = (int)Counts.Of("SLUICE_CRASH_ENTRIES", 60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_export_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Export);

    [Fact]
    public Task An_import_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Import);

    [Fact]
    public Task A_release_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Release);

    [Fact]
    public Task A_restore_whose_process_dies_at_any_point_ends_as_if_it_had_not() => DieAsync(TaskTypes.Restore);

    [Theory]
    [InlineData(TaskTypes.Export, "repository.upload-part:after")]
    [InlineData(TaskTypes.Import, "import.link:before")]
    [InlineData(TaskTypes.Release, "release.times:before")]
    [InlineData(TaskTypes.Restore, "restore.write:after")]
    public async Task A_task_whose_process_dies_again_while_it_recovers_ends_as_if_it_had_not(string type, string first)
    {
        var enumeration = new CrashEnumeration(type, CrashTree.Make(Entries), Passings, Tell);
        Report(enumeration, await enumeration.RunRecoveryAsync(first, Cancellation));
    }

    private static async Task DieAsync(string type)
    {
        var enumeration = new CrashEnumeration(type, CrashTree.Make(Entries), Passings, Tell);
        Report(enumeration, await enumeration.RunAsync(Cancellation));
    }

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static void Report(CrashEnumeration enumeration, IReadOnlyList<string> violations)
    {
        Tell(enumeration.Summary);
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{string.Join("\n", violations)}");
    }
}
