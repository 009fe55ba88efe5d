using System.Text;
using CsCheck;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class TreeWalkTests
{
    [Fact]
    public void A_random_tree_is_walked_whole_parents_first() =>
        Gen.Int.Sample(
            seed =>
            {
                var tree = RandomTree.Create(
                    seed, new RandomTreeOptions { NamesNotUtf8 = true, SpecialFiles = true, MaxFileBytes = 10, MaxDepth = 8, Modes = false });
                var temp = TempDirectory.Create().With(tree);
                try
                {
                    var walked = WalkedTree.Of(temp.Path, each: walk =>
                    {
                        Assert.Equal(walk.Status, FileSystemCalls.StatusAt(walk.Parent, walk.Name));
                        Assert.True(walk.Path.EndsWith(walk.Name));
                    });
                    Assert.Empty(walked.Errors);
                    Assert.Equal(tree.Entries.Select(entry => entry.Path).Append(default).Order(), walked.Paths.Order());
                    var seen = new HashSet<TreePath> { default };
                    foreach (var path in walked.Paths)
                    {
                        Assert.Contains(path.Parent, seen);
                        seen.Add(path);
                    }
                }
                finally
                {
                    // CsCheck awaits nothing, and .NET can't delete names that are not UTF-8.
                    temp.Delete();
                }
            },
            iter: 40, threads: 1);

    [Fact]
    public async Task A_directorys_children_come_right_behind_it()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a/b/c").File("a/d").File("e/f"));
        var paths = WalkedTree.Of(temp.Path).Paths.ConvertAll(path => path.ToString());
        for (var i = 0; i < paths.Count; i++)
        {
            var below = paths.Count(path => path.StartsWith(paths[i] + "/", StringComparison.Ordinal));
            Assert.All(paths.Skip(i + 1).Take(below), path => Assert.StartsWith(paths[i] + "/", path, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("a", "a a/b a/b/c a/d")]
    [InlineData("a/b", "a/b a/b/c")]
    [InlineData("a/d", "a/d")]
    [InlineData("link", "link")]
    public async Task The_walk_begins_with_its_start(string start, string expected)
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a/b/c").File("a/d").Symlink("link", "a"));
        var walked = WalkedTree.Of(temp.Path, start, walk => Assert.Equal(walk.Status, FileSystemCalls.StatusAt(walk.Parent, walk.Name)));
        Assert.Equal(start, walked.Paths[0].ToString());
        Assert.Equal(expected.Split(' '), walked.Paths.Select(path => path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_root_has_an_empty_path_and_name_and_is_its_own_parent()
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var walk = new TreeWalk(root, []);
        Assert.True(walk.MoveNext());
        Assert.True(walk.Path.IsEmpty);
        Assert.True(walk.Name.IsEmpty);
        Assert.Same(root, walk.Parent);
        Assert.False(walk.MoveNext());
    }

    [Theory]
    [InlineData("missing", Errno.ENOENT)]
    [InlineData("missing/below", Errno.ENOENT)]
    [InlineData("link/below", Errno.ELOOP)]
    [InlineData("file/below", Errno.ENOTDIR)]
    public async Task A_start_that_can_not_be_reached_is_an_exception(string start, Errno expected)
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("directory/below").File("file").Symlink("link", "directory"));
        Assert.Equal(expected, Assert.Throws<PosixException>(() => WalkedTree.Of(temp.Path, start)).Errno);
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a\0")]
    public async Task A_start_that_is_no_plain_relative_path_is_refused(string start)
    {
        await using var temp = TempDirectory.Create();
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        Assert.Throws<ArgumentException>(() => new TreeWalk(root, Encoding.UTF8.GetBytes(start)));
    }

    [Fact]
    public async Task Skipped_children_are_not_seen_and_their_siblings_are()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a/b/c").File("a/d").File("e/f"));
        var walked = WalkedTree.Of(temp.Path, each: walk =>
        {
            if (walk.Name.SequenceEqual("b"u8) || walk.Name.SequenceEqual("f"u8))
                walk.SkipChildren();
        });
        Assert.Equal(["", "a", "a/b", "a/d", "e", "e/f"], walked.Paths.Select(path => path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_walks_of_one_root_do_not_disturb_each_other()
    {
        await using var temp = TempDirectory.Create().With(RandomTree.Create(7, new RandomTreeOptions { Full = true, MaxFileBytes = 1 }));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var one = new TreeWalk(root, []);
        using var other = new TreeWalk(root, []);
        while (one.MoveNext())
        {
            Assert.True(other.MoveNext());
            Assert.True(one.Path.SequenceEqual(other.Path));
        }

        Assert.False(other.MoveNext());
    }

    [Fact]
    public async Task What_is_mounted_below_is_skipped()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("a/disk").File("a/file").File("a/other").File("b"));
        await using var disk = await Mount.TmpfsAsync(temp["a/disk"]);
        await File.WriteAllTextAsync(temp["a/disk/foreign"], "x", TestContext.Current.CancellationToken);
        await using var file = await Mount.BindAsync(temp["b"], temp["a/file"]);
        var walked = WalkedTree.Of(temp.Path);
        Assert.Equal(["", "a", "a/other", "b"], walked.Paths.Select(path => path.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(walked.Errors);
        Assert.Equal(Errno.EXDEV, Assert.Throws<PosixException>(() => WalkedTree.Of(temp.Path, "a/disk")).Errno);
        Assert.Equal(Errno.EXDEV, Assert.Throws<PosixException>(() => WalkedTree.Of(temp.Path, "a/file")).Errno);
        Assert.Equal(["", "foreign"], WalkedTree.Of(temp["a/disk"]).Paths.Select(path => path.ToString()));
    }

    [Fact]
    public async Task A_directory_that_may_not_be_read_is_one_error_and_the_walk_goes_on()
    {
        Require.Root();
        await using var temp = TempDirectory.Create().With(
            new TreeBuilder().Directory("closed", mode: 0).File("closed/file").File("open/file").Directory("blind", mode: 0x124 /* 0444 */).File("blind/file"));
        File.SetUnixFileMode(temp.Path, (UnixFileMode)0x1ED);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var walked = new List<string>();
        using (FsUser.Nobody)
        {
            using var walk = new TreeWalk(root, []);
            while (walk.MoveNext())
                walked.Add($"{Encoding.UTF8.GetString(walk.Path)} {walk.Status.Kind} {walk.Error?.Errno}".Trim());
        }

        Assert.Equal(
            ["Directory", "blind Directory", "blind/file Unknown EACCES", "closed Directory EACCES", "open Directory", "open/file Regular"],
            walked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_start_that_may_not_be_read_is_an_error_of_its_own()
    {
        Require.Root();
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("closed", mode: 0));
        File.SetUnixFileMode(temp.Path, (UnixFileMode)0x1ED);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var nobody = FsUser.Nobody;
        using var walk = new TreeWalk(root, "closed"u8);
        Assert.True(walk.MoveNext());
        Assert.Equal("openat2 'closed': Permission denied (EACCES)", walk.Error?.Message);
        Assert.False(walk.MoveNext());
    }

    [Fact]
    public async Task A_hundred_thousand_files_take_no_more_memory_than_a_few()
    {
        const int Files = 100_000;
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("wide"));
        for (var i = 0; i < Files; i++)
            File.CreateSymbolicLink(temp[$"wide/{i}"], "x");
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        Assert.Equal(Files + 2, Count(root, out _));
        Assert.Equal(Files + 2, Count(root, out var allocated));
        Assert.InRange(allocated, 0, 16_384);
    }

    private static int Count(Fd root, out long allocated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        using var walk = new TreeWalk(root, []);
        while (walk.MoveNext())
            count++;
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return count;
    }
}
