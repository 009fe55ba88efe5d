using System.Text;
using System.Text.Json;
using CsCheck;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class WireShapeTests
{
    [Fact]
    public void Nulls_are_left_out_and_empty_lists_written() =>
        Assert.Equal(
            """{"DataRepositoryTask":{"TaskId":"task-1","Tags":[],"Paths":[]}}""",
            Text(FsxOperations.CreateDataRepositoryTask.WriteOutput(new() { DataRepositoryTask = new() { TaskId = "task-1", Tags = [], Paths = [] } })));

    [Theory]
    [InlineData("2019-10-23T23:57:30.075Z", "1571875050.075")]
    [InlineData("2019-10-23T23:57:30.0759999Z", "1571875050.075")]
    [InlineData("2019-10-23T23:57:30Z", "1571875050.000")]
    [InlineData("1969-12-31T23:59:59.5Z", "-0.500")]
    public void Instants_are_epoch_seconds_with_milliseconds(string instant, string number)
    {
        var task = new DataRepositoryTask { CreationTime = DateTimeOffset.Parse(instant) };

        Assert.Equal(
            $$$"""{"DataRepositoryTask":{"CreationTime":{{{number}}}}}""",
            Text(FsxOperations.CreateDataRepositoryTask.WriteOutput(new() { DataRepositoryTask = task })));
    }

    [Fact]
    public void Instants_come_back_to_the_millisecond() =>
        Gen.Long[-62_135_596_800_000, 253_402_300_799_999].Sample(milliseconds =>
        {
            var task = new DataRepositoryTask { EndTime = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) };
            var body = FsxOperations.CreateDataRepositoryTask.WriteOutput(new() { DataRepositoryTask = task });
            return FsxOperations.CreateDataRepositoryTask.ReadOutput(body).DataRepositoryTask!.EndTime == task.EndTime;
        });

    [Theory]
    [InlineData("\"2019-10-23T23:57:30Z\"")]
    [InlineData("1e30")]
    [InlineData("true")]
    public void An_instant_in_another_form_is_not_read(string value) =>
        Assert.Throws<JsonException>(() =>
            FsxOperations.CreateDataRepositoryTask.ReadOutput(Encoding.UTF8.GetBytes($$$"""{"DataRepositoryTask":{"CreationTime":{{{value}}}}}""")));

    [Fact]
    public void An_answer_without_members_is_an_empty_object() => Assert.Equal("{}", Text(FsxOperations.TagResource.WriteOutput(new())));

    [Fact]
    public void A_file_system_can_hold_the_values_an_update_aims_at()
    {
        var output = new DescribeFileSystemsResponse
        {
            FileSystems =
            [
                new()
                {
                    DNSName = "fs-1.fsx.us-east-1.amazonaws.com",
                    AdministrativeActions = [new() { TargetFileSystemValues = new() { StorageCapacity = 2400 }, TotalTransferBytes = 1L << 40 }],
                },
            ],
        };

        var read = FsxOperations.DescribeFileSystems.ReadOutput(FsxOperations.DescribeFileSystems.WriteOutput(output));

        var action = Assert.Single(Assert.Single(read.FileSystems!).AdministrativeActions!);
        Assert.Equal(2400, action.TargetFileSystemValues!.StorageCapacity);
        Assert.Equal(1L << 40, action.TotalTransferBytes);
    }

    [Fact]
    public void Unknown_members_of_an_answer_are_ignored() =>
        Assert.Equal("CANCELING", FsxOperations.CancelDataRepositoryTask.ReadOutput("""{"Lifecycle":"CANCELING","New":{"a":[1]}}"""u8).Lifecycle);

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);
}
