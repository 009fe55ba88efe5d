using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>Walks of trees that others change meanwhile.</summary>
public sealed class ChangingTreeWalkTests
{
    [Fact]
    public async Task Entries_that_vanish_are_left_out_and_the_others_are_all_seen()
    {
        const int Files = 5_000;
        await using var temp = TempDirectory.Create();
        for (var i = 0; i < Files; i++)
            await File.WriteAllBytesAsync(temp[$"{(i % 2 == 0 ? "keep" : "drop")}-{i}"], [], TestContext.Current.CancellationToken);
        var count = 0;
        var walked = WalkedTree.Of(temp.Path, each: _ =>
        {
            if (++count != 10)
                return;
            foreach (var file in Directory.GetFiles(temp.Path, "drop-*"))
                File.Delete(file);
            for (var i = 0; i < Files; i++)
                File.WriteAllBytes(temp[$"new-{i}"], []);
        });
        Assert.Empty(walked.Errors);
        Assert.Equal(walked.Paths.Count, walked.Paths.Distinct().Count());
        Assert.Equal(Files / 2, walked.Paths.Count(path => path.ToString().StartsWith("keep", StringComparison.Ordinal)));
        Assert.InRange(walked.Paths.Count(path => path.ToString().StartsWith("drop", StringComparison.Ordinal)), 0, 10);
    }

    [Fact]
    public async Task A_directory_replaced_after_it_was_yielded_is_read_as_it_was()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("root/a/mine").File("outside/secret"));
        var walked = WalkedTree.Of(temp["root"], each: walk =>
        {
            if (!walk.Name.SequenceEqual("a"u8))
                return;
            Directory.Move(temp["root/a"], temp["moved"]);
            Directory.CreateSymbolicLink(temp["root/a"], temp["outside"]);
        });
        Assert.Equal(["", "a", "a/mine"], walked.Paths.Select(path => path.ToString()));
    }

    [Fact]
    public async Task A_name_that_flips_between_directory_and_symlink_is_never_followed()
    {
        const int Walks = 20_000;
        await using var temp = TempDirectory.Create().With(new TreeBuilder()
            .File("root/flip/mine").File("outside/secret").Symlink("link", "outside"));
        Directory.CreateSymbolicLink(temp["link2"], temp["outside"]);
        var flipper = new RenameExchange(temp["root/flip"], temp["link2"]);
        var seen = new Dictionary<FileKind, int>();
        try
        {
            using var root = FileSystemCalls.OpenRoot(temp["root"]);
            for (var i = 0; i < Walks; i++)
            {
                using var walk = new TreeWalk(root, []);
                while (walk.MoveNext())
                {
                    Assert.Null(walk.Error);
                    Assert.False(walk.Name.SequenceEqual("secret"u8), "The walk followed a symlink.");
                    if (walk.Name.SequenceEqual("flip"u8))
                        seen[walk.Status.Kind] = seen.GetValueOrDefault(walk.Status.Kind) + 1;
                }
            }
        }
        finally
        {
            flipper.Dispose();
        }

        Assert.Equal([FileKind.Directory, FileKind.Symlink], seen.Keys.Order());
    }

    [Fact]
    public async Task What_a_directory_entry_says_and_what_is_opened_belong_together()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().File("root/flip/child").File("file"));
        var seen = 0;
        var flipper = new RenameExchange(temp["root/flip"], temp["file"]);
        try
        {
            for (var i = 0; i < 5_000; i++)
            {
                var walked = WalkedTree.Of(temp["root"]);
                Assert.Empty(walked.Errors);

                // A listing made in the midst of an exchange may lack the name.
                if (!walked.Statuses.TryGetValue("flip", out var status)) continue;
                seen++;

                // With a directory comes its child, with a file nothing.
                Assert.Equal(status.Kind == FileKind.Directory ? 3 : 2, walked.Paths.Count);
            }
        }
        finally
        {
            flipper.Dispose();
        }

        Assert.True(seen > 1000, $"The name was seen {seen} times only.");
    }
}
