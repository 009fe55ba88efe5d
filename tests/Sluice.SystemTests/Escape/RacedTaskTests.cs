using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.SystemTests.Release;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>
/// Tasks of each kind in trees whose directories and files are exchanged for symlinks, FIFOs, devices and directories, and moved out of the root, without a pause
/// (<see cref="RacedTree"/>). Whatever a task does or fails to do there: nothing outside is opened, read, written, released or restored.
/// </summary>
public sealed class RacedTaskTests
{
    private const int TasksEachRound = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_reads_nothing_outside_the_root()
    {
        await using var rig = await HsmRig.CreateAsync(folder: "root");
        await EscapeRounds.RunAsync(async (seed, random) =>
        {
            var tree = Make(rig, seed);
            await tree.MakeOthersAsync(Cancellation);
            using var canaries = Canaries.Make(tree.Mirror, RacedTree.Exchanged, RacedTree.FileBytes);
            await RaceAsync(rig, tree, canaries, random, TaskType.Export, [tree.Folder]);

            await AssertPlainAsync(rig, tree);
            await foreach (var item in rig.Bucket.ListAsync("", startAfter: null, Cancellation))
            {
                Assert.StartsWith("data/", item.Key, StringComparison.Ordinal);
                Assert.False(Canaries.IsIn(await rig.Bucket.ReadAsync(item.Key, Cancellation)), $"'{item.Key}' holds what is outside.");
            }
        });
    }

    [Fact]
    public async Task A_release_frees_nothing_outside_the_root()
    {
        await using var rig = await HsmRig.CreateAsync(folder: "root");
        await EscapeRounds.RunAsync(async (seed, random) =>
        {
            var tree = Make(rig, seed);
            await rig.ExportAsync(tree.Folder);

            // As they are, they could be released: with content, times and records of what was exported.
            await CopyAsync(tree);
            await tree.MakeOthersAsync(Cancellation);
            using var canaries = Canaries.Of(tree.Mirror);
            await RaceAsync(rig, tree, canaries, random, TaskType.Release, [tree.Folder]);

            Assert.All(RacedTree.Plain, name => Assert.True(FileFacts.Of(Path.Combine(tree.Path, name)).HasNoData, $"'{name}' was not released."));
        });
    }

    [Fact]
    public async Task A_restore_fills_nothing_outside_the_root()
    {
        await using var rig = await HsmRig.CreateAsync(folder: "root");
        await EscapeRounds.RunAsync(async (seed, random) =>
        {
            var tree = Make(rig, seed);
            await rig.ExportAsync(tree.Folder);
            await rig.ReleaseAsync(tree.Folder);
            await CopyAsync(tree);
            await tree.MakeOthersAsync(Cancellation);
            using var canaries = Canaries.Of(tree.Mirror);
            await RaceAsync(rig, tree, canaries, random, TaskType.Restore, [tree.Folder]);

            await AssertPlainAsync(rig, tree);
        });
    }

    [Fact]
    public async Task An_import_makes_and_replaces_nothing_outside_the_root()
    {
        await using var rig = await HsmRig.CreateAsync(folder: "root");
        await EscapeRounds.RunAsync(async (seed, random) =>
        {
            var tree = Make(rig, seed);
            await rig.ExportAsync(tree.Folder);
            await tree.MakeOthersAsync(Cancellation);

            // Other objects, so that files are replaced; and some for which there is no file.
            foreach (var name in RacedTree.Exchanged.Concat(RacedTree.Plain))
            {
                if (random.Next(3) == 0) File.Delete(Path.Combine(tree.Path, name));
                await PutAsync(rig, $"{tree.Folder}/{name}", TestContent.Bytes((ulong)seed, RacedTree.FileBytes));
            }

            foreach (var name in RacedTree.Exchanged.Where(name => name.StartsWith("files/", StringComparison.Ordinal)))
                await File.WriteAllTextAsync(Path.Combine(tree.Path, name), "to be replaced", Cancellation);
            using var canaries = Canaries.Make(tree.Mirror, RacedTree.Exchanged, RacedTree.FileBytes);
            await RaceAsync(rig, tree, canaries, random, TaskType.ImportMetadata, [$"s3://{rig.Bucket.Bucket}/data/{tree.Folder}"]);

            Assert.All(RacedTree.Plain, name => Assert.True(FileFacts.Of(Path.Combine(tree.Path, name)).HasNoData, $"'{name}' was not imported."));
        });
    }

    private static RacedTree Make(HsmRig rig, int seed) => RacedTree.Make(rig[""], $"r{seed}", Path.GetFullPath(rig[$"../outside/r{seed}"]));

    private static async Task RaceAsync(HsmRig rig, RacedTree tree, Canaries canaries, Random random, TaskType type, IReadOnlyList<string> paths)
    {
        foreach (var special in tree.Specials) canaries.WatchOpensOf(special);
        for (var i = 0; i < TasksEachRound; i++)
        {
            RepositoryTask task;
            using (new RenameExchange(tree.Pairs(random))) task = await rig.RunAsync(type, paths: paths);

            // Rows, yes; a fault of the task itself, no.
            var progress = task.Progress ?? default;
            Assert.True(task.Lifecycle == TaskLifecycle.Succeeded || progress.FailedCount > 0, $"{task.Lifecycle}: {task.FailureMessage}");
            Assert.Equal(progress.TotalCount, progress.SucceededCount + progress.FailedCount);
        }

        canaries.AssertUntouched($"{type}");
    }

    private static async Task AssertPlainAsync(HsmRig rig, RacedTree tree)
    {
        foreach (var name in RacedTree.Plain)
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(tree.Path, name), Cancellation), await rig.Bucket.ReadAsync($"data/{tree.Folder}/{name}", Cancellation));
    }

    /// <summary>Copies with records and holes.</summary>
    private static async Task CopyAsync(RacedTree tree)
    {
        Directory.CreateDirectory(tree.Mirror);
        (await ProcessRunner.RunAsync(new(Require.Tool("cp")) { Arguments = ["-a", $"{tree.Path}/.", tree.Mirror] }, Cancellation)).EnsureSuccess();
    }

    private static Task PutAsync(HsmRig rig, string name, byte[] content)
    {
        var put = new PutRequest
        {
            Key = HsmRig.Key(name), Content = content, Checksum = Crc64Nvme.Hash(content), Metadata = new ObjectMetadata { User = new Dictionary<string, string>() },
        };
        return rig.Bucket.PutAsync(put, StartPermit.Unrestricted, Cancellation);
    }
}
