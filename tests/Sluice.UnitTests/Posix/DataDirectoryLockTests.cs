using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Posix;

public sealed class DataDirectoryLockTests
{
    [Fact]
    public async Task Only_one_holds_the_lock_and_its_process_is_named()
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["lock"], "a longer text of an earlier owner", TestContext.Current.CancellationToken);
        using (var held = DataDirectoryLock.TryAcquire(temp["lock"]))
        {
            Assert.NotNull(held);
            Assert.Null(DataDirectoryLock.TryAcquire(temp["lock"]));
            // .NET's own files honour the lock, as another program's need not.
            var text = await ProcessRunner.RunAsync(new(Require.Tool("cat")) { Arguments = [temp["lock"]] }, TestContext.Current.CancellationToken);
            Assert.Equal($"{Environment.ProcessId}\n", text.Output);
        }

        using var next = DataDirectoryLock.TryAcquire(temp["lock"]);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Another_process_is_kept_out_until_the_owner_lets_go()
    {
        await using var temp = TempDirectory.Create();
        Assert.Equal(0, await FlockAsync(temp["lock"]));
        using (DataDirectoryLock.TryAcquire(temp["lock"]))
            Assert.Equal(1, await FlockAsync(temp["lock"]));
        Assert.Equal(0, await FlockAsync(temp["lock"]));
    }

    [Fact]
    public async Task A_child_process_does_not_keep_the_lock()
    {
        await using var temp = TempDirectory.Create();
        var held = DataDirectoryLock.TryAcquire(temp["lock"]);
        await using var child = await ProcessRunner.StartAsync(new(Require.Tool("cat")), TestContext.Current.CancellationToken);
        held!.Dispose();
        using var next = DataDirectoryLock.TryAcquire(temp["lock"]);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_lock_file_behind_a_symlink_is_refused()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Symlink("lock", "elsewhere"));
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => DataDirectoryLock.TryAcquire(temp["lock"])).Errno);
        Assert.False(File.Exists(temp["elsewhere"]));
    }

    [Fact]
    public async Task A_directory_that_is_missing_is_told()
    {
        await using var temp = TempDirectory.Create();
        Assert.Equal(Errno.ENOENT, Assert.Throws<PosixException>(() => DataDirectoryLock.TryAcquire(temp["no/lock"])).Errno);
    }

    private static async Task<int> FlockAsync(string path) =>
        (await ProcessRunner.RunAsync(
            new(Require.Tool("flock")) { Arguments = ["--nonblock", path, "true"] }, TestContext.Current.CancellationToken)).ExitCode;
}
