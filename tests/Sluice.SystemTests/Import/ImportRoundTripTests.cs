using Sluice.Core.Tasks;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>A tree that is exported, wiped and imported again is the same tree, its data apart.</summary>
public sealed class ImportRoundTripTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task A_tree_comes_back_from_a_directory_bucket_as_it_was(string kind)
    {
        await using var disk = await DiskImage.CreateAsync(kind);
        await using var rig = await ImportRig.StartAsync(Directory.CreateDirectory(Path.Combine(disk.Root, "tree")).FullName);
        await AssertComesBackAsync(rig, seed: kind[0]);
    }

    [Fact]
    public async Task A_tree_comes_back_from_an_s3_bucket_as_it_was()
    {
        await using var bucket = await S3Bucket.CreateAsync(Cancellation);
        await using var disk = await DiskImage.CreateAsync("ext4");
        await using var rig = await ImportRig.StartAsync(
            Directory.CreateDirectory(Path.Combine(disk.Root, "tree")).FullName, bucket.Repository);
        await AssertComesBackAsync(rig, seed: 5);
    }

    [Fact]
    public async Task A_wide_tree_listed_in_many_parts_comes_back_as_it_was()
    {
        await using var disk = await DiskImage.CreateAsync("ext4");
        await using var rig = await ImportRig.StartAsync(Directory.CreateDirectory(Path.Combine(disk.Root, "tree")).FullName);
        var tree = new TreeBuilder();
        for (var i = 0; i < 6000; i++) tree.File($"top/{i % 37}-{(i % 3 == 0 ? "" : "x")}/{i % 11}/{i}", size: i % 5, seed: (ulong)i, modifiedNs: 1_000_000_000_000_000_000 + i);
        for (var i = 0; i < 37; i++) tree.File($"top/{i}-.file", size: 3, modifiedNs: 77);
        await AssertComesBackAsync(rig, tree);
    }

    private static Task AssertComesBackAsync(ImportRig rig, int seed)
    {
        var options = new RandomTreeOptions { MaxEntries = 400, Full = true, HardLinks = false, Owners = true, MaxDepth = 3, MaxFileBytes = 20_000 };
        var random = RandomTree.Create(seed, options);
        var tree = new TreeBuilder();

        // What is no part of a round trip: set-id bits are dropped by every import.
        foreach (var entry in random.Entries) tree.Add(entry.Mode is { } mode ? entry with { Mode = mode & 0b001_111_111_111 } : entry);
        return AssertComesBackAsync(rig, tree);
    }

    private static async Task AssertComesBackAsync(ImportRig rig, TreeBuilder tree)
    {
        tree.MakeIn(rig.Root);
        await using var before = TempDirectory.Create();
        await RunAsync("cp", "-a", rig.Root + "/.", before.Path);
        var exported = await rig.ExportAsync();
        Assert.Equal((TaskLifecycle.Succeeded, ""), (exported.Lifecycle, await rig.ReportAsync(exported)));
        await RunAsync("rm", "-rf", rig.Root);
        Directory.CreateDirectory(rig.Root);

        var imported = await rig.ImportAsync();

        Assert.Equal((TaskLifecycle.Succeeded, ""), (imported.Lifecycle, await rig.ReportAsync(imported)));
        Assert.Equal(exported.Progress!.Value.SucceededCount, imported.Progress!.Value.SucceededCount);
        Assert.Equal(exported.Progress.Value, imported.Progress.Value);
        Assert.Equal("", await DifferencesAsync(before.Path, rig.Root));

        // Nobody sees a file without data before it is watched; empty ones have none to wait for.
        Assert.Equal(tree.Files.Count(file => file.Size > 0), rig.Guard.Watched.Count);
        Assert.All(rig.Guard.Watched, file => Assert.Equal(0u, file.LinkCount));
        Assert.Equal(0, (await rig.ExportAsync()).Progress!.Value.TotalCount);
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.TotalCount);
    }

    /// <summary>What rsync would change, contents apart: those come with a restore.</summary>
    private static async Task<string> DifferencesAsync(string from, string to) =>
        (await RunAsync("rsync", "-a", "--dry-run", "--itemize-changes", "--delete", from + "/", to + "/")).Output;

    private static async Task<ProcessResult> RunAsync(string tool, params string[] arguments) =>
        (await ProcessRunner.RunAsync(new(Require.Tool(tool)) { Arguments = arguments }, Cancellation)).EnsureSuccess();
}
