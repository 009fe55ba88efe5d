using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Core.Files;
using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Hydrator;
using Sluice.Hydrator.Guarding;
using Sluice.Posix;
using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydrator;

/// <summary>Which file systems are guarded, and what keeps others from it.</summary>
public sealed class GuardTests
{
    private const int Bytes = 100_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_system_in_memory_can_not_be_guarded_and_is_told_so()
    {
        await using var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["memory"]);
        await using var mount = await Mount.TmpfsAsync(temp["memory"]);

        Assert.StartsWith("A file system of type tmpfs can't be guarded", RefusalOf(temp["data"], temp["memory"], guardShared: true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_system_that_is_not_dedicated_is_guarded_only_if_that_is_allowed()
    {
        await using var disk = await DiskImage.CreateAsync("ext4");
        await using var data = new Guards(disk.Beside("data"), guardShared: false);

        using (var root = data.Registry.Open(disk.Root))
        {
            Assert.Null(root.Guard);
            Assert.Contains("'sluice mount'", root.Refusal, StringComparison.Ordinal);
            Assert.Contains("--guard-shared", root.Refusal, StringComparison.Ordinal);
            Assert.True(root.Refusal!.Length <= 200);
        }

        await using var allowed = new Guards(disk.Beside("data"), guardShared: true);
        using (var root = allowed.Registry.Open(disk.Root)) Assert.NotNull(root.Guard);
        Assert.NotNull(GuardedDisk.HolderOf(disk.Beside("data")));
    }

    [Fact]
    public async Task Without_the_privilege_nothing_is_guarded()
    {
        await using var disk = await DiskImage.CreateAsync("ext4");
        Directory.CreateDirectory(disk.Beside("data"));

        var program = Require.File(SourceTree.Program);
        var result = await ProcessRunner.RunAsync(
            new(Require.Tool("setpriv"))
            {
                Arguments = ["--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin", "dotnet", program, "hydrate", "--data", disk.Beside("data")],
            },
            Cancel);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("needs CAP_SYS_ADMIN", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dedicated_file_system_with_the_data_directory_on_it_is_refused()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        await using var worker = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        await using var guards = new Guards(disk.DataDirectory, guardShared: false, ownsHolder: false);
        using (var root = guards.Registry.Open(disk.Root)) Assert.NotNull(root.Guard);

        Directory.CreateDirectory(disk["data"]);
        Assert.Contains(
            "The data directory lies on this file system", GuardProbe.RefusalOfDedicated(Device(disk.Root), disk["data"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_mounted_under_the_number_of_a_file_system_that_has_gone_is_another()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        await using var guards = new Guards(disk.DataDirectory, guardShared: false, ownsHolder: false);
        var held = guards.Held;
        ulong device;
        GuardedSuperblock first;
        do
        {
            device = Device(disk.Root);
            first = held.Find(device)!;
            var unmounting = disk.UnmountAsync(Cancel);

            // It learns that the mount goes, and of nothing after that.
            while (first.Mount is not null)
            {
                _ = held.Find(device);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancel);
            }

            (await unmounting).EnsureSuccess();
            (await disk.MountAsync(Cancel)).EnsureSuccess();
        }
        while (Device(disk.Root) != device);

        var second = held.Find(device);

        Assert.NotSame(first, second);
        Assert.NotNull(second?.Mount);
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public async Task On_a_shared_file_system_only_files_without_data_are_asked_about(string kind)
    {
        await using var disk = await DiskImage.CreateAsync(kind);
        await File.WriteAllTextAsync(Path.Combine(disk.Root, "resident"), "here", Cancel);
        await using var guards = new Guards(disk.Beside("data"), guardShared: true);
        using var root = guards.Registry.Open(disk.Root);
        MakeReleased(root, "released");

        // No worker runs.
        Assert.Equal("here", await File.ReadAllTextAsync(Path.Combine(disk.Root, "resident"), Cancel));
        await File.WriteAllTextAsync(Path.Combine(disk.Root, "new"), "new", Cancel);
        await using var reader = await StartReaderAsync(disk, "released");
        await WorkerTests.HangingAsync(reader);
        await reader.KillAsync();

        using var file = FileSystemCalls.OpenBeneath(root.Root, "released"u8, OpenFlags.ReadWrite);
        root.Guard!.Unwatch(file);
        Assert.Equal(Bytes, (await File.ReadAllBytesAsync(Path.Combine(disk.Root, "released"), Cancel)).Length);
    }

    [Fact]
    public async Task Files_without_data_on_a_shared_file_system_are_marked_again_when_the_group_was_lost()
    {
        await using var disk = await DiskImage.CreateAsync("xfs");
        Directory.CreateDirectory(Path.Combine(disk.Root, "a/b"));
        await using (var guards = new Guards(disk.Beside("data"), guardShared: true))
        {
            using var root = guards.Registry.Open(disk.Root);
            MakeReleased(root, "a/b/released");
        }

        // As after a reboot: nobody has the group any more.
        await GuardedDisk.KillHolderAsync(disk.Beside("data"));
        await using var again = new Guards(disk.Beside("data"), guardShared: true);
        again.Registry.Recover();

        await using var reader = await StartReaderAsync(disk, "a/b/released");
        await WorkerTests.HangingAsync(reader);
        await reader.KillAsync();
    }

    [Fact]
    public async Task Unmounting_a_shared_file_system_lets_its_device_go_and_its_files_are_found_after_the_next_mount()
    {
        await using var disk = await DiskImage.CreateAsync("ext4");
        await using var guards = new Guards(disk.Beside("data"), guardShared: true);
        using (var root = guards.Registry.Open(disk.Root)) MakeReleased(root, "released");

        // A server follows what the holder holds.
        await guards.Held.StartAsync(Cancel);
        (await Cli.RunProgramAsync(Cli.Bare, Cancel, "umount", disk.Root, "--data", disk.Beside("data"))).EnsureSuccess();
        Assert.DoesNotContain(disk.ImagePath, (await ProcessRunner.RunAsync(new(Require.Tool("losetup")) { Arguments = ["-a"] }, Cancel)).Output, StringComparison.Ordinal);
        await disk.MountAsync();
        guards.Registry.Recover();

        await using var reader = await StartReaderAsync(disk, "released");
        await WorkerTests.HangingAsync(reader);
        await reader.KillAsync();
    }

    [Fact]
    public async Task A_server_that_has_nothing_to_guard_starts_no_holder()
    {
        await using var server = await SluiceServer.StartAsync(new() { Environment = Cli.Bare }, Cancel);

        Assert.Null(GuardedDisk.HolderOf(server.DataDirectory));
        Assert.Equal(0, await server.StopAsync(Cancel));
    }

    [Fact]
    public async Task When_the_holder_is_killed_who_has_the_group_starts_another()
    {
        await using var disk = await GuardedDisk.CreateAsync("ext4", Cancel);
        await using var worker = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        await File.WriteAllTextAsync(disk["file"], "text", Cancel);

        await GuardedDisk.KillHolderAsync(disk.DataDirectory);
        while (disk.HolderId is null) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        await File.WriteAllTextAsync(disk["file"], "more", Cancel);
        await worker.KillAsync();

        await using var reader = await ProcessRunner.StartAsync(new(Require.Tool("cat")) { Arguments = [disk["never read"]] }, Cancel);
        Assert.Equal(1, (await reader.WaitAsync(Hang.Limit, Cancel)).ExitCode);
        await using var next = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        Assert.Equal("more", await File.ReadAllTextAsync(disk["file"], Cancel));
        (await disk.UnmountAsync(Cancel)).EnsureSuccess();
    }

    [Fact]
    public async Task A_dedicated_file_system_whose_group_was_lost_is_guarded_again()
    {
        await using var disk = await GuardedDisk.CreateAsync("btrfs", Cancel);
        await GuardedDisk.KillHolderAsync(disk.DataDirectory);
        await File.WriteAllTextAsync(disk["file"], "text", Cancel);

        var worker = await disk.StartHydratorAsync(Cli.Bare, Cancel);
        while (disk.HolderId is null) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        await using (var guards = new Guards(disk.DataDirectory, guardShared: false, ownsHolder: false))
        {
            while (guards.Held.Find(Device(disk.Root)) is null) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        }

        await worker.DisposeAsync();
        await using var writer = await ProcessRunner.StartAsync(new(Require.Tool("sh")) { Arguments = ["-c", $"echo text > '{disk["new"]}'"] }, Cancel);
        await WorkerTests.HangingAsync(writer);
        await writer.KillAsync();
    }

    [Fact]
    public async Task The_lock_of_a_file_is_one_for_all_processes_and_ends_with_its_disposal()
    {
        await using var disk = await DiskImage.CreateAsync("ext4");
        await using var guards = new Guards(disk.Beside("data"), guardShared: true);
        using var root = guards.Registry.Open(disk.Root);
        MakeReleased(root, "one");
        MakeReleased(root, "two");
        using var one = FileSystemCalls.OpenBeneath(root.Root, "one"u8, OpenFlags.ReadWrite);
        using var two = FileSystemCalls.OpenBeneath(root.Root, "two"u8, OpenFlags.ReadWrite);

        var held = await root.Guard!.LockAsync(one, Cancel);
        using var other = await root.Guard.LockAsync(two, Cancel);
        var waiting = root.Guard.LockAsync(one, Cancel).AsTask();
        Assert.False(waiting.IsCompleted);
        held.Dispose();

        (await waiting.WaitAsync(Hang.Limit, Cancel)).Dispose();
    }

    /// <summary>A file whose record says that it has no data; where there is a guard, watched by it.</summary>
    private static void MakeReleased(GuardedRoot root, string path)
    {
        using var file = FileSystemCalls.OpenBeneath(root.Root, System.Text.Encoding.UTF8.GetBytes(path), OpenFlags.ReadWrite | OpenFlags.Create, 0x1A4);
        FileSystemCalls.SetLength(file, Bytes);
        var written = LedgerStore.Probe(root.Root).TryWrite(file, new LedgerRecord
        {
            States = HsmStates.Exists | HsmStates.Archived | HsmStates.Released,
            SizeBytes = Bytes, MtimeNs = FileSystemCalls.Status(file).MtimeNs, SealNs = 0, Checksum = 0, MetadataHash = 0, AddressHash = 0, IdentityHash = 0, TaskTag = 0,
        });
        Assert.True(written);
        root.Guard!.Watch(file);
    }

    private static Task<ProcessRunner> StartReaderAsync(DiskImage disk, string name) =>
        ProcessRunner.StartAsync(new(Require.Tool("cat")) { Arguments = [Path.Combine(disk.Root, name)] }, Cancel);

    private static ulong Device(string directory)
    {
        using var root = FileSystemCalls.OpenRoot(directory);
        return MountTable.Of(root)!.Device;
    }

    private static string? RefusalOf(string data, string directory, bool guardShared)
    {
        using var held = new HeldGroups(new HydratorOptions { DataDirectory = data }, TimeProvider.System, NullLoggerFactory.Instance);
        var registry = new GuardRegistry(new HydratorOptions { DataDirectory = data, GuardShared = guardShared }, held, TimeProvider.System, NullLoggerFactory.Instance);
        using var root = registry.Open(directory);
        Assert.True(root.Refusal is null or { Length: <= 200 });
        return root.Refusal;
    }

    /// <summary>The guards of a server in this process. Their holder is killed with them, unless it is another's.</summary>
    private sealed class Guards : IAsyncDisposable
    {
        private readonly string _data;
        private readonly bool _ownsHolder;

        public Guards(string data, bool guardShared, bool ownsHolder = true)
        {
            (_data, _ownsHolder) = (data, ownsHolder);
            Directory.CreateDirectory(data);
            var options = new HydratorOptions { DataDirectory = data, GuardShared = guardShared, HolderCommand = ["dotnet", Require.File(SourceTree.Program)] };
            Held = new HeldGroups(options, TimeProvider.System, NullLoggerFactory.Instance);
            Registry = new GuardRegistry(options, Held, TimeProvider.System, NullLoggerFactory.Instance);
        }

        public HeldGroups Held { get; }

        public GuardRegistry Registry { get; }

        public async ValueTask DisposeAsync()
        {
            Held.Dispose();
            if (_ownsHolder) await GuardedDisk.KillHolderAsync(_data);
        }
    }
}
