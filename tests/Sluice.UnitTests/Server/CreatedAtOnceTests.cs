using Sluice.Core.Faults;
using Xunit;

namespace Sluice.UnitTests.Server;

/// <summary>Two requests at the same moment: each is under way before either has stored anything.</summary>
public sealed class CreatedAtOnceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_links_that_overlap_one_is_made()
    {
        await using var rig = await RigAsync();

        var fault = await OneFaultAsync(() => rig.LinkAsync("/a", token: null, Cancel), () => rig.LinkAsync("/a/b", token: null, Cancel));

        Assert.Equal(FaultCode.BadRequest, fault.Code);
        Assert.Contains("overlaps", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_equal_tasks_one_is_accepted()
    {
        await using var rig = await RigAsync();
        await rig.LinkAvailableAsync();

        var fault = await OneFaultAsync(() => rig.ExportAsync(token: null, Cancel), () => rig.ExportAsync(token: null, Cancel));

        Assert.Equal(FaultCode.DataRepositoryTaskExecuting, fault.Code);
    }

    [Fact]
    public async Task Of_two_file_systems_over_one_directory_one_is_made()
    {
        await using var rig = await RigAsync();

        var fault = await OneFaultAsync(() => rig.AdoptAsync(token: null, Cancel), () => rig.AdoptAsync(token: null, Cancel));

        Assert.Equal(FaultCode.BadRequest, fault.Code);
        Assert.Contains("overlaps the root", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_sent_again_while_the_first_is_under_way_gets_the_same_answer()
    {
        await using var rig = await RigAsync();
        await rig.LinkAvailableAsync();

        await SameAsync(async () => (await rig.ExportAsync("token", Cancel)).DataRepositoryTask!.TaskId!);
        await SameAsync(async () => (await rig.LinkAsync("/a", "token", Cancel)).Association!.AssociationId!);
        await SameAsync(async () => (await rig.AdoptAsync("token", Cancel)).FileSystem!.FileSystemId!);

        static async Task SameAsync(Func<Task<string>> create)
        {
            var answers = await Task.WhenAll(Task.Run(create, Cancel), Task.Run(create, Cancel));
            Assert.Equal(answers[0], answers[1]);
        }
    }

    /// <summary>Whoever stores something waits for a moment first, in which the other one gets as far.</summary>
    private static async Task<OperationsRig> RigAsync()
    {
        var rig = await OperationsRig.CreateAsync(Cancel);
        rig.Catalog.BeforeAsync = static method =>
            method.StartsWith("TryAdd", StringComparison.Ordinal) ? Task.Delay(TimeSpan.FromMilliseconds(200), Cancel) : Task.CompletedTask;
        return rig;
    }

    private static async Task<FsxFault> OneFaultAsync(params IReadOnlyList<Func<Task>> requests)
    {
        var faults = new List<FsxFault>();
        foreach (var request in requests.Select(request => Task.Run(request, Cancel)).ToList())
        {
            try
            {
                await request;
            }
            catch (FsxFault e)
            {
                faults.Add(e);
            }
        }

        return Assert.Single(faults);
    }
}
