using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>Every way to get at a released file shows what an ordinary file shows: on ext4, XFS and Btrfs.</summary>
public sealed class AccessMatrixTests(AccessDisks disks) : IClassFixture<AccessDisks>
{
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var row in AccessRows.All.Values)
        {
            foreach (var kind in row.Kinds) rows.Add(row.Name, kind);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_released_file_shows_what_an_ordinary_one_shows(string name, string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var disk = await disks.OfAsync(kind);
        var row = AccessRows.All[name];
        Assert.All((string[])["f", "o"], file => Assert.True(FileFacts.Of(Path.Combine(disk.Released(row), file)).HasNoData));

        var expected = await disk.RunAsync(row, disk.Plain(row), cancellationToken);
        var seen = await disk.RunAsync(row, disk.Released(row), cancellationToken);

        Assert.StartsWith("exit code 0\n", expected, StringComparison.Ordinal);
        Assert.Equal(expected, seen);
        Directory.Delete(disk.Plain(row), recursive: true);
        Directory.Delete(disk.Released(row), recursive: true);
    }

    [Fact]
    public async Task The_matrix_has_every_mode_of_the_rig()
    {
        var program = await NativeProgram.BuildAsync("access");
        var listed = await ProcessRunner.RunAsync(new(program) { Arguments = ["list"] }, TestContext.Current.CancellationToken);
        var modes = listed.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(modes.Order(StringComparer.Ordinal), AccessRows.All.Keys.Where(name => !name.StartsWith("tool-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
