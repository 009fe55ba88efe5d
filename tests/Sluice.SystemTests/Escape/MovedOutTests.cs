using Sluice.Posix;
using Sluice.SystemTests.Import;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>Directories that are moved out of the root while something works in them, by a descriptor that they take along.</summary>
public sealed class MovedOutTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_directory_moved_out_of_the_root_gets_nothing_more_of_an_import()
    {
        const int Keys = 200;
        const int Before = 5;
        await using var rig = await ImportRig.StartAsync();
        rig.Options = rig.Options with { Concurrency = 1 };
        for (var i = 0; i < Keys; i++) await rig.PutAsync($"dir/f{i:d3}", "x");
        await rig.PutAsync("last", "x");
        var outside = Path.GetFullPath(Path.Combine(rig.Root, "../outside"));
        rig.Guard.OnWatch = count =>
        {
            if (count == Before) Directory.Move(Path.Combine(rig.Root, "dir"), outside);
        };
        var task = await rig.ImportAsync();

        // The file that was being made when its directory was moved.
        Assert.Equal(Before + 1, Directory.GetFiles(outside).Length);
        Assert.Equal(Keys - Before - 1, task.Progress!.Value.FailedCount);
        Assert.Contains("dir/f100,failed,InternalError\n", await rig.ReportAsync(task), StringComparison.Ordinal);
        Assert.Equal(["last"], rig.Paths());
    }

    [Fact]
    public async Task A_directory_moved_out_of_the_root_keeps_what_it_has_left_when_data_is_deleted()
    {
        const int Files = 20_000;
        Require.Root();
        await using var temp = TempDirectory.Create();
        var (inside, outside) = (temp["root/dir/sub"], temp["outside"]);
        Directory.CreateDirectory(inside);
        for (var i = 0; i < Files; i++) await File.WriteAllBytesAsync(Path.Combine(inside, $"{i}"), [], Cancellation);
        await File.WriteAllBytesAsync(temp["root/other"], [], Cancellation);

        // Files are removed in no particular order, and it has begun when the first one is.
        using var mount = PrivateMount.Clone(temp["root"]);
        var removal = Task.Factory.StartNew(
            () => Record.Exception(() => TreeRemoval.RemoveContents(mount.Root, Cancellation)), Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        while (File.Exists(Path.Combine(inside, "0")) && File.Exists(Path.Combine(inside, "1")) && File.Exists(Path.Combine(inside, "2")) && !removal.IsCompleted)
        {
        }

        Directory.Move(temp["root/dir"], outside);
        var left = Directory.GetFiles(Path.Combine(outside, "sub")).Length;
        var error = await removal;

        Assert.True(left > 0, "It was removed before it was moved: nothing is proved.");
        Assert.InRange(Directory.GetFiles(Path.Combine(outside, "sub")).Length, left - 1, left);
        Assert.Equal(Errno.ESTALE, Assert.IsType<PosixException>(error).Errno);
    }
}
