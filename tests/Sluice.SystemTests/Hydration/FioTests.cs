using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>fio writes blocks with checksums; they are exported and released, and fio reads them again through each of its engines.</summary>
public sealed class FioTests
{
    private static readonly string[] Engines = ["psync", "mmap", "libaio --direct=1", "io_uring", "io_uring --direct=1", "splice"];

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task Fio_finds_its_checksums_in_released_files(string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await HydrationRig.StartAsync(kind, cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(rig.Root, "fio")).FullName;
        await FioAsync(folder, "psync", "--do_verify=0", cancellationToken);
        foreach (var engine in Engines)
        {
            await rig.ExportAndReleaseAsync(cancellationToken, "fio");
            Assert.All(Directory.GetFiles(folder), file => Assert.True(FileFacts.Of(file).HasNoData));
            await FioAsync(folder, engine, "--verify_only", cancellationToken);
        }
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task Fio_writes_and_verifies_while_its_files_are_exported_and_released(string kind)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await HydrationRig.StartAsync(kind, cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(rig.Root, "fio")).FullName;
        var released = 0L;
        for (var round = 0; round < 6; round++)
        {
            // What the last round wrote goes while this one writes it anew.
            var writing = FioAsync(folder, Engines[round], "--do_verify=1", cancellationToken);
            while (!writing.IsCompleted)
            {
                _ = await rig.ExportAsync(cancellationToken, "fio");
                released += (await rig.ReleaseAsync(cancellationToken, "fio")).Status?.SucceededCount ?? 0;
            }

            await writing;
            await rig.ExportAndReleaseAsync(cancellationToken, "fio");
        }
    }

    private static async Task FioAsync(string folder, string engine, string verify, CancellationToken cancellationToken)
    {
        var spec = new ProcessSpec(Require.Tool("fio"))
        {
            Arguments =
            [
                "--name=released", $"--directory={folder}", "--rw=randwrite", "--size=1m", "--nrfiles=4", "--filesize=256k", "--numjobs=4", "--bs=4k", "--randseed=7",
                "--verify=crc32c", "--verify_fatal=1", "--minimal", "--overwrite=0", "--create_on_open=1", .. $"--ioengine={engine}".Split(' '), verify,
            ],
            WorkingDirectory = "/",
        };
        (await ProcessRunner.RunAsync(spec, cancellationToken)).EnsureSuccess();
    }
}
