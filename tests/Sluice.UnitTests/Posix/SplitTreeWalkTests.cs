using CsCheck;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class SplitTreeWalkTests
{
    [Fact]
    public void Walks_split_at_any_directories_see_each_entry_once() =>
        Gen.Int.Sample(
            seed =>
            {
                var tree = RandomTree.Create(seed, new RandomTreeOptions { NamesNotUtf8 = true, MaxFileBytes = 1, MaxDepth = 8, Modes = false });
                var temp = TempDirectory.Create().With(tree);
                try
                {
                    using var root = FileSystemCalls.OpenRoot(temp.Path);
                    var paths = WalkAll(root, new Random(seed));
                    Assert.Equal(tree.Entries.Select(entry => entry.Path).Append(default).Order(), paths.Order());
                }
                finally
                {
                    // CsCheck awaits nothing, and .NET can't delete names that are not UTF-8.
                    temp.Delete();
                }
            },
            iter: 40, threads: 1);

    [Fact]
    public async Task What_is_split_off_is_the_directory_that_was_yielded_whatever_its_name_stands_for_now()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a/b"));
        await using var beside = TempDirectory.Create().With(new TreeBuilder().File("secret"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var walk = new TreeWalk(root, []);
        Assert.True(walk.MoveNext());
        Assert.True(walk.MoveNext());
        using var part = walk.SplitOff();
        Directory.Move(Path.Combine(temp.Path, "a"), Path.Combine(temp.Path, "moved"));
        File.CreateSymbolicLink(Path.Combine(temp.Path, "a"), beside.Path);
        Assert.True(part.MoveNext());
        Assert.True(part.Path.SequenceEqual("a/b"u8));
        Assert.Equal(FileKind.Regular, part.Status.Kind);
        Assert.False(part.MoveNext());
    }

    [Fact]
    public async Task Only_a_directory_can_be_split_off_and_only_once()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("f"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var walk = new TreeWalk(root, []);
        Assert.True(walk.MoveNext());
        Assert.True(walk.HasChildren);
        using var part = walk.SplitOff();
        Assert.False(walk.HasChildren);
        Assert.Throws<InvalidOperationException>(walk.SplitOff);
        Assert.False(walk.MoveNext());
        Assert.True(part.MoveNext());
        Assert.False(part.HasChildren);
        Assert.Throws<InvalidOperationException>(part.SplitOff);
    }

    private static List<TreePath> WalkAll(Fd root, Random random)
    {
        var paths = new List<TreePath>();
        var walks = new List<TreeWalk> { new(root, []) };
        while (walks.Count > 0)
        {
            var walk = walks[random.Next(walks.Count)];
            if (!walk.MoveNext())
            {
                walk.Dispose();
                walks.Remove(walk);
                continue;
            }

            paths.Add(walk.Path.ToArray());
            Assert.Equal(walk.Status, FileSystemCalls.StatusAt(walk.Parent, walk.Name));
            if (walk.HasChildren && random.Next(2) == 0) walks.Add(walk.SplitOff());
        }

        return paths;
    }
}
