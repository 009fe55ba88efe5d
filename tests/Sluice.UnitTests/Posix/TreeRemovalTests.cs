using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class TreeRemovalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_in_a_directory_goes_and_the_directory_stays()
    {
        await using var temp = TempDirectory.Create().With(
            new TreeBuilder().Text("dir/a", "a").Text("dir/b/c/d", "d").Directory("dir/empty").Text("dir/two\nlines", "x").Symlink("dir/dangling", "nowhere")
                .Text("beside", "stays"));
        await File.WriteAllTextAsync(temp["dir/b/read-only"], "x", Cancel);
        File.SetUnixFileMode(temp["dir/b/read-only"], UnixFileMode.None);

        Remove(temp["dir"]);

        Assert.Empty(Directory.GetFileSystemEntries(temp["dir"]));
        Assert.True(File.Exists(temp["beside"]));
    }

    [Fact]
    public async Task Symlinks_go_and_what_they_lead_to_stays()
    {
        await using var temp = TempDirectory.Create().With(
            new TreeBuilder().Text("outside/kept", "kept").Symlink("dir/to-directory", "../outside").Symlink("dir/to-file", "../outside/kept"));

        Remove(temp["dir"]);

        Assert.Empty(Directory.GetFileSystemEntries(temp["dir"]));
        Assert.Equal("kept", await File.ReadAllTextAsync(temp["outside/kept"], Cancel));
    }

    [Fact]
    public async Task A_tree_deeper_than_any_path_goes_with_few_descriptors()
    {
        await using var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["dir"]);
        const string Script = "import os\nfor i in range(2000): os.mkdir('d' * 20); os.chdir('d' * 20); open('f', 'w').close()";
        (await ProcessRunner.RunAsync(new(Require.Tool(Require.Python)) { Arguments = ["-c", Script], WorkingDirectory = temp["dir"] }, Cancel)).EnsureSuccess();

        using var root = FileSystemCalls.OpenRoot(temp["dir"]);
        TreeRemoval.RemoveContents(root, Cancel);

        Assert.Empty(Directory.GetFileSystemEntries(temp["dir"]));
        Assert.Single(DescriptorsIn(temp["dir"]));
    }

    [Fact]
    public async Task More_directories_than_are_noted_at_a_time_all_go()
    {
        await using var temp = TempDirectory.Create();
        for (var i = 0; i < 1000; i++) Directory.CreateDirectory(temp[$"dir/{i}/x"]);

        Remove(temp["dir"]);

        Assert.Empty(Directory.GetFileSystemEntries(temp["dir"]));
    }

    [Fact]
    public async Task What_is_mounted_within_stays_and_everything_else_goes()
    {
        Require.Root();
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("dir/a/before", "x").Directory("dir/a/mounted").Text("dir/z", "z"));
        await using var mount = await Mount.TmpfsAsync(temp["dir/a/mounted"]);
        await File.WriteAllTextAsync(temp["dir/a/mounted/foreign"], "kept", Cancel);

        Assert.Throws<PosixException>(() => Remove(temp["dir"]));

        Assert.Equal("kept", await File.ReadAllTextAsync(temp["dir/a/mounted/foreign"], Cancel));
        Assert.Equal([temp["dir/a"], temp["dir/a/mounted"]], Directory.GetDirectories(temp["dir"], "*", SearchOption.AllDirectories).Order());
        Assert.False(File.Exists(temp["dir/z"]));
        Assert.False(File.Exists(temp["dir/a/before"]));
    }

    [Fact]
    public async Task It_stops_between_two_entries()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("dir/a", "a"));
        using var root = FileSystemCalls.OpenRoot(temp["dir"]);

        Assert.Throws<OperationCanceledException>(() => TreeRemoval.RemoveContents(root, new CancellationToken(canceled: true)));

        Assert.True(File.Exists(temp["dir/a"]));
    }

    private static void Remove(string path)
    {
        using var root = FileSystemCalls.OpenRoot(path);
        TreeRemoval.RemoveContents(root, Cancel);
    }

    // Other tests open and close theirs meanwhile.
    private static IEnumerable<string> DescriptorsIn(string folder) =>
        Directory.GetFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget).OfType<string>()
            .Where(target => target.StartsWith(folder, StringComparison.Ordinal));
}
