using System.Collections.Concurrent;
using Sluice.Core.Paths;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Engine;

public sealed class SharedWalksTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Walkers_see_each_entry_of_all_starts_once(int walkers)
    {
        var tree = RandomTree.Create(7, new RandomTreeOptions { Full = true, MaxFileBytes = 1, Modes = false });
        await using var temp = TempDirectory.Create().With(tree);
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        var expected = new List<TreePath>();
        var starts = new List<ScanStart>();
        foreach (var name in tree.Entries.Where(entry => entry.Path.Parent == default).Select(entry => entry.Path))
        {
            starts.Add(new ScanStart(FileSystemPath.TryParse(name.ToString())!, Link: null));
            using var walk = new TreeWalk(root, name.Bytes);
            while (walk.MoveNext()) expected.Add(walk.Path.ToArray());
        }

        for (var round = 0; round < 50; round++)
        {
            using var walks = new SharedWalks(root, starts);
            var seen = new ConcurrentBag<TreePath>();
            await Task.WhenAll(Enumerable.Range(0, walkers).Select(_ => Task.Run(() => WalkAllAsync(walks, seen))));
            Assert.Equal(expected.Order(), seen.Order());
        }
    }

    [Fact]
    public async Task A_walker_that_waits_is_told_that_another_failed()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var walks = new SharedWalks(root, [new ScanStart(FileSystemPath.Root, Link: null)]);
        Assert.True(walks.TryTake(out var walk));
        Assert.False(walks.TryTake(out _));
        var waiting = walks.TakeAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        walks.Close();
        Assert.Null(await waiting);
        Assert.True(walks.IsClosed);
        walks.Finish(walk);
    }

    [Fact]
    public async Task Nothing_is_given_away_while_nobody_waits()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("a"));
        using var root = FileSystemCalls.OpenRoot(temp.Path);
        using var walks = new SharedWalks(root, [new ScanStart(FileSystemPath.Root, Link: null)]);
        Assert.True(walks.TryTake(out var walk));
        Assert.True(walk.Walk.MoveNext());
        walks.Offer(walk);
        Assert.True(walk.Walk.HasChildren);
        var waiting = walks.TakeAsync(TestContext.Current.CancellationToken);
        walks.Offer(walk);
        Assert.False(walk.Walk.HasChildren);
        walks.Finish(walk);
        var part = await waiting;
        Assert.NotNull(part);
        Assert.True(part.Walk.MoveNext());
        walks.Finish(part);
        Assert.Null(await walks.TakeAsync(TestContext.Current.CancellationToken));
    }

    private static async Task WalkAllAsync(SharedWalks walks, ConcurrentBag<TreePath> seen)
    {
        while (walks.TryTake(out var walk) || (walk = await walks.TakeAsync(TestContext.Current.CancellationToken)) is not null)
        {
            while (walk.Walk.MoveNext())
            {
                seen.Add(walk.Walk.Path.ToArray());
                walks.Offer(walk);
            }

            walks.Finish(walk);
        }
    }
}
