using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>A tree that is exported, deleted and imported is the same tree again: rsync finds nothing to do.</summary>
public sealed class RoundTripTests
{
    [Theory]
    [InlineData("ext4", 1)]
    [InlineData("xfs", 2)]
    [InlineData("btrfs", 3)]
    public async Task An_imported_tree_is_the_exported_one(string kind, int seed)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var tree = Tree(seed);
        await using var temp = TempDirectory.Create();
        var reference = temp["tree"];
        await using var rig = await HydrationRig.StartAsync(kind, cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(rig.Root, "tree")).FullName;
        tree.MakeIn(folder);
        await RunAsync("cp", cancellationToken, "-a", folder, reference);

        Assert.Equal("SUCCEEDED", (await rig.ExportAsync(cancellationToken)).Lifecycle);
        await RunAsync("rm", cancellationToken, "-rf", folder);
        Assert.Equal("SUCCEEDED", (await rig.ImportAsync(cancellationToken)).Lifecycle);

        // Sizes and times first, with nothing restored by it; then the content.
        Assert.Equal("", await DifferencesAsync(reference, folder, cancellationToken));
        Assert.All(tree.Entries.Where(entry => entry.Kind == TreeEntryKind.File && entry.Size > 0), entry => Assert.True(FileFacts.Of(((TreePath)folder).Append(entry.Path)).HasNoData));
        Assert.Equal("", await DifferencesAsync(reference, folder, cancellationToken, "--checksum"));
    }

    private static TreeBuilder Tree(int seed)
    {
        var options = new RandomTreeOptions { MaxEntries = 250, Full = true, MaxDepth = 8, HardLinks = false, Owners = true };
        var tree = new TreeBuilder();

        // Set-id bits are dropped by every import.
        foreach (var entry in RandomTree.Create(seed, options).Entries) tree.Add(entry.Mode is { } mode ? entry with { Mode = mode & 0b001_111_111_111 } : entry);
        for (var wide = 0; wide < 500; wide++) tree.File($"wide/{wide}", wide, (ulong)wide);
        tree.File(string.Join('/', Enumerable.Repeat("deep", 60)) + "/file", 5000, 5);
        tree.Sparse("sparse", 20 << 20, 9, new TreeExtent(4096, 10_000), new TreeExtent(19 << 20, 5000));
        tree.File("large", (9 << 20) + 1, 11);
        return tree;
    }

    private static Task<string> DifferencesAsync(string from, string to, CancellationToken cancellationToken, params string[] options) =>
        RunAsync("rsync", cancellationToken, ["-aH", "--dry-run", "-i", "--delete", .. options, from + "/", to + "/"]);

    private static async Task<string> RunAsync(string tool, CancellationToken cancellationToken, params string[] arguments) =>
        (await ProcessRunner.RunAsync(new(Require.Tool(tool)) { Arguments = arguments }, cancellationToken)).EnsureSuccess().Output;
}
