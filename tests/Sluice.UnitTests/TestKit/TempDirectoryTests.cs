using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class TempDirectoryTests
{
    [Fact]
    public async Task A_tree_deeper_than_a_path_may_be_is_deleted()
    {
        _ = Require.Tool(Require.Python);
        string path;
        await using (var directory = TempDirectory.Create())
        {
            path = directory.Path;
            var script = "import os\nfor i in range(60):\n  os.mkdir('d' * 200); os.chdir('d' * 200)\nopen('leaf', 'w').close()\n";
            var made = await ProcessRunner.RunAsync(
                new(Require.Python) { Arguments = ["-c", script], WorkingDirectory = path }, TestContext.Current.CancellationToken);
            _ = made.EnsureSuccess();
        }

        Assert.False(Path.Exists(path));
    }

    [Fact]
    public async Task What_a_symlink_leads_to_stays()
    {
        await using var outside = TempDirectory.Create().With(new TreeBuilder().File("kept/file"));
        await using (TempDirectory.Create().With(new TreeBuilder().Symlink("link", outside["kept"])))
        {
            // Deleted at once.
        }

        Assert.True(File.Exists(outside["kept/file"]));
    }
}
