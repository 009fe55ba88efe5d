using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>Walks deeper than the number of directories a walk keeps open.</summary>
public sealed class DeepTreeWalkTests
{
    private const int Deep = TreeWalk.MaxOpenDirectories + 40;

    [Fact]
    public async Task Thousands_of_levels_are_walked_with_a_bounded_number_of_descriptors()
    {
        const int Levels = 3_000;
        await using var temp = TempDirectory.Create();
        MakeChain(temp.Path, Levels);
        var most = 0;
        var before = OpenDescriptorsBelow(temp.Path);
        var files = 0;
        var level = 0;
        _ = WalkedTree.Of(temp.Path, each: walk =>
        {
            files += walk.Status.Kind == FileKind.Regular ? 1 : 0;
            if (++level % 100 == 0)
                most = Math.Max(most, OpenDescriptorsBelow(temp.Path));
        });
        Assert.Equal(2 * Levels, files);
        Assert.InRange(most, 2, TreeWalk.MaxOpenDirectories + 3);
        Assert.Equal(before, OpenDescriptorsBelow(temp.Path));
    }

    [Fact]
    public async Task Every_sibling_at_every_level_is_seen_once()
    {
        const int Levels = (2 * TreeWalk.MaxOpenDirectories) + 10;
        await using var temp = TempDirectory.Create();
        MakeChain(temp.Path, Levels);
        var walked = WalkedTree.Of(temp.Path);
        Assert.Empty(walked.Errors);
        Assert.Equal(walked.Paths.Count, walked.Paths.Distinct().Count());
        Assert.Equal((3 * Levels) + 1, walked.Paths.Count);
    }

    [Fact]
    public async Task A_parked_directory_is_found_by_its_path_when_the_one_in_it_was_moved_away()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("elsewhere"));
        Directory.CreateDirectory(temp["tree"]);
        MakeChain(temp["tree"], Deep);
        var moved = false;
        var walked = WalkedTree.Of(temp["tree"], each: walk =>
        {
            if (moved || Depth(walk.Path) < Deep)
                return;
            moved = true;
            // The one around this directory is parked, and ".." does not lead to it any more.
            Directory.Move(temp["tree/" + Chain(20)], temp["elsewhere/d"]);
        });
        Assert.True(moved);
        Assert.Empty(walked.Errors);
        Assert.Equal((3 * Deep) + 1, walked.Paths.Count);
    }

    [Fact]
    public async Task A_parked_directory_that_is_not_found_again_is_an_error_and_the_walk_goes_on()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Directory("elsewhere"));
        Directory.CreateDirectory(temp["tree"]);
        MakeChain(temp["tree"], Deep);
        var moved = false;
        var walked = WalkedTree.Of(temp["tree"], each: walk =>
        {
            if (moved || Depth(walk.Path) < Deep)
                return;
            moved = true;
            Directory.Move(temp["tree/" + Chain(20)], temp["elsewhere/inner"]);
            Directory.Move(temp["tree/" + Chain(19)], temp["elsewhere/outer"]);
            Directory.CreateDirectory(temp["tree/" + Chain(19)]);
        });
        Assert.Equal([(Chain(19), Errno.ESTALE)], walked.Errors.Select(error => (error.Path.ToString(), error.Errno)));
        Assert.Contains(walked.Paths, path => path.ToString() == "after-0");
        Assert.Equal(2, walked.Paths.Count(path => path.Parent == Chain(18) && path.Name != "d"));
    }

    [Fact]
    public async Task Directories_that_go_away_before_they_were_read_to_their_end_are_told()
    {
        await using var temp = TempDirectory.Create();
        MakeChain(temp.Path, Deep);
        var removed = false;
        var walked = WalkedTree.Of(temp.Path, each: walk =>
        {
            if (removed || Depth(walk.Path) < Deep)
                return;
            removed = true;
            foreach (var name in Directory.EnumerateFileSystemEntries(temp.Path).ToList())
            {
                if (Directory.Exists(name))
                    Directory.Delete(name, recursive: true);
                else
                    File.Delete(name);
            }
        });
        Assert.True(removed);
        // Removed or moved away: the walk can't know, and what was moved has not been seen whole.
        Assert.All(walked.Errors, error => Assert.Equal(Errno.ENOENT, error.Errno));
    }

    private static string Chain(int levels) => string.Join('/', Enumerable.Repeat("d", levels));

    private static int Depth(ReadOnlySpan<byte> path) => path.IsEmpty ? 0 : path.Count((byte)'/') + 1;

    /// <summary>Directories within each other, each beside two files, named so that some file systems list them before and some behind it.</summary>
    private static void MakeChain(string root, int levels)
    {
        // .NET's calls take whole paths, which grow beyond what the kernel takes at once.
        var program = $"""
            import os, sys
            os.chdir(sys.argv[1])
            for i in range({levels}):
                for name in ("before", "after"):
                    os.close(os.open(name + "-" + str(i), os.O_CREAT | os.O_WRONLY))
                os.mkdir("d")
                os.chdir("d")
            """;
        using var python = System.Diagnostics.Process.Start(Require.Tool(Require.Python), ["-c", program, root]);
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
    }

    private static int OpenDescriptorsBelow(string path) =>
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(fd => Target(fd).StartsWith(path, StringComparison.Ordinal));

    /// <summary>Other tests close theirs meanwhile: what is gone leads nowhere.</summary>
    private static string Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
