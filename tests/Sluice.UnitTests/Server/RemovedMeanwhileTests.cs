using Sluice.Catalog;
using Sluice.Core.Faults;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.UnitTests.Server;

/// <summary>A resource that is removed while somebody asks for it by its id: it is in the answer or not found, never missing from the answer.</summary>
public sealed class RemovedMeanwhileTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_link_is_described_or_not_found(int call)
    {
        await using var rig = await OperationsRig.CreateAsync(Cancel);
        var id = (await rig.LinkAsync("/a", token: null, Cancel)).Association!.AssociationId!;
        BeforeCall(rig, call, () => rig.Stored.RemoveAssociationAsync(AssociationId.Parse(id), Cancel));

        var described = await FoundAsync(
            async () => (await rig.Associations.DescribeAsync(new() { AssociationIds = [id] }, Cancel)).Associations!.Select(item => item.AssociationId!));

        Assert.Equal(call > 2 ? [id] : null, described);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_task_is_described_or_not_found(int call)
    {
        await using var rig = await OperationsRig.CreateAsync(Cancel);
        await rig.LinkAvailableAsync();
        var id = (await rig.ExportAsync(token: null, Cancel)).DataRepositoryTask!.TaskId!;
        foreach (var taskEvent in new[] { TaskEvent.Cancel, TaskEvent.Drain })
            Assert.NotNull(await rig.Stored.ApplyAsync(TaskId.Parse(id), taskEvent, new TransitionDetails(DateTimeOffset.UtcNow), Cancel));
        BeforeCall(rig, call, () => rig.Stored.RemoveEndedTasksAsync(DateTimeOffset.MaxValue, Cancel));

        var described = await FoundAsync(async () => (await rig.Tasks.DescribeAsync(
            new() { TaskIds = [id] }, OperationsRig.Context("DescribeDataRepositoryTasks"), Cancel)).DataRepositoryTasks!.Select(task => task.TaskId!));

        Assert.Equal(call > 2 ? [id] : null, described);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tags_of_a_link_that_is_gone_are_not_too_many_but_without_their_resource(int call)
    {
        await using var rig = await OperationsRig.CreateAsync(Cancel);
        var link = (await rig.LinkAsync("/a", token: null, Cancel)).Association!;
        BeforeCall(rig, call, () => rig.Stored.RemoveAssociationAsync(AssociationId.Parse(link.AssociationId!), Cancel));

        var fault = await Assert.ThrowsAsync<FsxFault>(
            () => rig.Tags.TagAsync(new() { ResourceARN = link.ResourceARN, Tags = [new() { Key = "k", Value = "v" }] }, Cancel));

        Assert.Equal(FaultCode.ResourceNotFound, fault.Code);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_file_system_that_another_one_deleted_has_no_task_under_way_but_is_not_found(int call)
    {
        await using var rig = await OperationsRig.CreateAsync(Cancel);
        BeforeCall(rig, call, () => rig.Stored.RemoveFileSystemAsync(FileSystemId.Parse(OperationsRig.FileSystemId), Cancel));

        var fault = await Assert.ThrowsAsync<FsxFault>(
            () => rig.FileSystems.DeleteAsync(new() { FileSystemId = OperationsRig.FileSystemId }, OperationsRig.Context("DeleteFileSystem"), Cancel));

        Assert.Equal(FaultCode.FileSystemNotFound, fault.Code);
    }

    private static void BeforeCall(OperationsRig rig, int call, Func<Task> remove)
    {
        var calls = 0;
        rig.Catalog.BeforeAsync = _ => ++calls == call ? remove() : Task.CompletedTask;
    }

    /// <summary>Null: not found.</summary>
    private static async Task<IEnumerable<string>?> FoundAsync(Func<Task<IEnumerable<string>>> describe)
    {
        try
        {
            return await describe();
        }
        catch (FsxFault e) when (e.Code is FaultCode.DataRepositoryAssociationNotFound or FaultCode.DataRepositoryTaskNotFound)
        {
            return null;
        }
    }
}
