using Sluice.Server.Operations;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Server;

public sealed class RealPathTests
{
    [Theory]
    [InlineData("missing")]
    [InlineData("missing/below")]
    [InlineData("file")]
    [InlineData("file/below")]
    [InlineData("dangling")]
    [InlineData("loop")]
    [InlineData("loop/below")]
    public async Task What_leads_to_no_directory_is_none(string name)
    {
        await using var temp = await TreeAsync();

        Assert.Null(RealPath.Resolve(temp[name]));
    }

    [Fact]
    public async Task A_name_longer_than_any_is_no_directory()
    {
        await using var temp = await TreeAsync();

        Assert.Null(RealPath.Resolve(temp[new string('n', 256)]));
    }

    [Theory]
    [InlineData("directory", "directory")]
    [InlineData("link", "directory")]
    [InlineData("link/../directory/.", "directory")]
    public async Task A_directory_is_named_without_symlinks(string name, string real)
    {
        await using var temp = await TreeAsync();

        Assert.Equal(temp[real], RealPath.Resolve(temp[name]));
    }

    private static async Task<TempDirectory> TreeAsync()
    {
        var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["directory"]);
        await File.WriteAllTextAsync(temp["file"], "", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(temp["link"], temp["directory"]);
        File.CreateSymbolicLink(temp["dangling"], temp["missing"]);
        File.CreateSymbolicLink(temp["loop"], temp["loop"]);
        return temp;
    }
}
