using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>
/// Every fault that may befall every S3 operation of every kind of task: once, and for ever. Each row has one outcome; whatever it is, no object and no file
/// is half or wrong, no upload is left, and the next task does what this one did not.
/// </summary>
public sealed class FaultMatrixTests(FaultyTasks tasks) : IClassFixture<FaultyTasks>
{
    public static TheoryData<string, string, string, int, string> Rows()
    {
        var rows = new TheoryData<string, string, string, int, string>();
        foreach (var row in FaultRows.All) rows.Add(row.Task, row.Operation, row.Fault, row.Times, row.Outcome);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public async Task Each_fault_has_its_outcome_and_loses_nothing(string task, string operation, string fault, int times, string outcome)
    {
        var row = new FaultRow(task, operation, fault, times, outcome);
        await using var trial = await tasks.BeginAsync(row, TestContext.Current.CancellationToken);

        Assert.Equal(outcome, await trial.RunAsync());
        await trial.AssertNothingHalfAsync();

        await trial.RunRestAsync();
        await trial.AssertWholeAsync();
    }
}
