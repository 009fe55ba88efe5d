using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class TreeBuilderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tree_is_made_as_it_is_written()
    {
        await using var directory = TempDirectory.Create();
        var tree = new TreeBuilder()
            .Directory("readonly", mode: 0b101_101_101, modifiedNs: 1_234_567_890_123_456_789)
            .File("readonly/file", size: 10_000, seed: 7, mode: 0b100_110_100_000, modifiedNs: -1)
            .Text("deep/down/text", "content\n")
            .Symlink("link", "readonly/file", modifiedNs: 5)
            .HardLink("deep/second", "readonly/file")
            .Fifo("fifo")
            .Socket("socket")
            .File("empty");

        tree.MakeIn(directory.Path);

        var file = Stat("readonly/file");
        Assert.Equal(Libc.S_IFREG | 0b100_110_100_000u, file.stx_mode);
        Assert.Equal((-1L, 999_999_999u), (file.stx_mtime.tv_sec, file.stx_mtime.tv_nsec));
        Assert.Equal(2u, file.stx_nlink);
        Assert.Equal(tree.ContentOf("deep/second"), await File.ReadAllBytesAsync(directory["readonly/file"], Cancel));
        var folder = Stat("readonly");
        Assert.Equal(Libc.S_IFDIR | 0b101_101_101u, folder.stx_mode);
        Assert.Equal((1_234_567_890L, 123_456_789u), (folder.stx_mtime.tv_sec, folder.stx_mtime.tv_nsec));
        Assert.Equal("content\n", await File.ReadAllTextAsync(directory["deep/down/text"], Cancel));
        Assert.Equal("readonly/file", new FileInfo(directory["link"]).LinkTarget);
        Assert.Equal((0L, 5u), (Stat("link").stx_mtime.tv_sec, Stat("link").stx_mtime.tv_nsec));
        Assert.Equal(Libc.S_IFIFO, Stat("fifo").stx_mode & Libc.S_IFMT);
        Assert.Equal(Libc.S_IFSOCK, Stat("socket").stx_mode & Libc.S_IFMT);
        Assert.Equal(0ul, Stat("empty").stx_size);

        Libc.statx_t Stat(TreePath path) => Libc.Stat(((TreePath)directory.Path).Append(path).Terminated())!.Value;
    }

    [Fact]
    public async Task Owners_are_set()
    {
        Require.Root();
        var tree = new TreeBuilder().File("file", uid: 6666, gid: 7777, mode: 0b100_111_111_111);
        await using var directory = TempDirectory.Create().With(tree);

        var stat = Libc.Stat(((TreePath)directory["file"]).Terminated())!.Value;

        Assert.Equal((6666u, 7777u, 0b100_111_111_111u), (stat.stx_uid, stat.stx_gid, stat.stx_mode & ~Libc.S_IFMT));
    }

    [Fact]
    public async Task Holes_take_no_blocks_and_read_as_zeros()
    {
        const long MiB = 1024 * 1024;
        var tree = new TreeBuilder().Sparse("sparse", 64 * MiB, 3, new TreeExtent(0, 10), new TreeExtent(32 * MiB, 4096));
        await using var directory = TempDirectory.Create().With(tree);

        var stat = Libc.Stat(((TreePath)directory["sparse"]).Terminated())!.Value;

        Assert.Equal((ulong)(64 * MiB), stat.stx_size);
        Assert.InRange(stat.stx_blocks * 512, 1ul, (ulong)MiB);
        Assert.Equal(tree.ContentOf("sparse"), await File.ReadAllBytesAsync(directory["sparse"], Cancel));
    }

    [Fact]
    public async Task Every_odd_name_can_be_made_and_found()
    {
        var tree = new TreeBuilder();
        var names = OddNames.Utf8.Concat(OddNames.NotUtf8).Append(OddNames.Long()).ToArray();
        foreach (var name in names)
            tree.File(name);
        await using var directory = TempDirectory.Create().With(tree);

        var found = Libc.Names(((TreePath)directory.Path).Terminated()).Select(TreePath.FromByteArray);

        Assert.Equal(names.Order(), found.Order());
        Assert.All(OddNames.Utf8, name => Assert.True(name.IsUtf8));
        Assert.All(OddNames.NotUtf8, name => Assert.False(name.IsUtf8));
    }

    [Fact]
    public void A_seed_gives_the_same_random_tree_again()
    {
        var options = new RandomTreeOptions { NamesNotUtf8 = true, SpecialFiles = true, Owners = true };

        Assert.Equal(Summary(RandomTree.Create(42, options)), Summary(RandomTree.Create(42, options)));
        Assert.NotEqual(Summary(RandomTree.Create(42, options)), Summary(RandomTree.Create(43, options)));

        static IEnumerable<string> Summary(TreeBuilder tree) => tree.Entries.Select(
            entry => $"{Convert.ToHexString(entry.Path.Bytes)} {entry with { Extents = null }} {string.Join(' ', entry.Extents ?? [])}");
    }

    [Fact]
    public async Task Random_trees_can_be_made_and_deleted()
    {
        var options = new RandomTreeOptions { NamesNotUtf8 = true, SpecialFiles = true, Owners = Libc.geteuid() == 0 };
        for (var seed = 0; seed < 20; seed++)
        {
            string path;
            await using (var directory = TempDirectory.Create().With(RandomTree.Create(seed, options)))
                path = directory.Path;
            Assert.False(Path.Exists(path));
        }
    }

    [Fact]
    public void A_path_can_not_be_taken_twice()
    {
        var tree = new TreeBuilder().File("a/b");

        Assert.Throws<ArgumentException>(() => tree.Directory("a"));
        Assert.Throws<ArgumentException>(() => tree.File("a/b/c"));
        Assert.Throws<ArgumentException>(() => tree.File("/a"));
    }
}
