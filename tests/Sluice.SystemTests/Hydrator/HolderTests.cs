using System.Net.Sockets;
using System.Text;
using Sluice.Hydrator;
using Sluice.Hydrator.Holding;
using Sluice.Posix;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydrator;

/// <summary>The process that keeps descriptors, as a real one.</summary>
public sealed class HolderTests
{
    private const int Terminate = 15;
    private const int Hangup = 1;
    private static readonly HeldName Name = new(GuardKind.Shared, 0x1234, HeldPart.Group);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_holds_can_be_taken_again_after_the_giver_has_closed_it()
    {
        await using var data = await DataWithHolder.CreateAsync();
        await File.WriteAllTextAsync(data.Temp["file"], "kept", Cancel);
        using (var given = FileSystemCalls.OpenFile(data.Temp["file"]))
        {
            Assert.True(data.Client.Hold(Name, given));
            Assert.False(data.Client.Hold(Name, given));
        }

        File.Delete(data.Temp["file"]);

        using var taken = data.Client.Take(Name);
        var content = new byte[10];
        Assert.Equal("kept", Encoding.ASCII.GetString(content, 0, FileSystemCalls.Read(taken!, content, 0)));
        Assert.Null(data.Client.Take(Name with { Device = 1 }));
    }

    [Fact]
    public async Task It_ends_after_the_last_drop_and_the_next_that_needs_one_starts_another()
    {
        await using var data = await DataWithHolder.CreateAsync();
        var first = data.HolderId;
        Hold(data.Client, data.Temp.Path);

        data.Client.Drop(Name);
        await GoneAsync(first);
        Assert.False(File.Exists(data.Temp["data/hydrator/holder.sock"]));
        using var client = data.Connect();

        Assert.NotEqual(first, data.HolderId);
    }

    [Fact]
    public async Task Who_watches_is_told_that_it_holds_nothing_before_it_ends()
    {
        await using var data = await DataWithHolder.CreateAsync();
        for (var round = 0; round < 10; round++)
        {
            using var client = data.Connect();
            var names = Enumerable.Range(1, 20).Select(number => Name with { Device = (ulong)number }).ToList();
            using (var given = FileSystemCalls.OpenRoot(data.Temp.Path)) Assert.All(names, name => Assert.True(client.Hold(name, given)));
            using var watcher = HolderSocket.TryConnect(new HydratorFiles(data.Directory))!;
            await watcher.SendAsync("WATCH\n"u8.ToArray(), Cancel);
            using var dropper = HolderSocket.TryConnect(new HydratorFiles(data.Directory))!;
            await dropper.SendAsync(Encoding.ASCII.GetBytes(string.Concat(names.Select(name => $"DROP {name}\n"))), Cancel);

            await using var stream = new NetworkStream(watcher, ownsSocket: false);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var told = await reader.ReadToEndAsync(Cancel);
            var last = told.Split("END\n")[^2];
            Assert.True(last.Length == 0, $"round {round}: {last}");
        }
    }

    [Fact]
    public async Task Signals_do_not_end_it_while_it_holds_something()
    {
        await using var data = await DataWithHolder.CreateAsync();
        Hold(data.Client, data.Temp.Path);

        foreach (var signal in new[] { Terminate, Hangup, 2, 13, 29 }) await SignalAsync(data.HolderId, signal);

        Assert.Equal([Name], data.Client.List().Keys);
    }

    [Fact]
    public async Task It_is_in_a_session_of_its_own_and_keeps_no_descriptor_of_who_started_it()
    {
        await using var data = await DataWithHolder.CreateAsync();

        var status = (await File.ReadAllTextAsync($"/proc/{data.HolderId}/stat", Cancel)).Split(") ")[1].Split(' ');
        Assert.Equal(data.HolderId.ToString(), status[3]);
        Assert.All(Enumerable.Range(0, 3), number => Assert.Equal("/dev/null", new FileInfo($"/proc/{data.HolderId}/fd/{number}").LinkTarget));
        Assert.Equal("/", new FileInfo($"/proc/{data.HolderId}/cwd").LinkTarget);
    }

    [Fact]
    public async Task There_is_one_for_a_data_directory_however_many_need_it_at_once()
    {
        await using var data = await DataWithHolder.CreateAsync();
        data.Client.Dispose();
        await GuardedDisk.KillHolderAsync(data.Directory);

        var clients = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(data.Connect)));

        Assert.All(clients, client => Assert.Empty(client.List()));

        // One that comes too late finds the lock taken, and ends.
        for (var looks = 0; Holders(data.Directory) > 1 && looks < 2000; looks++) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        Assert.Equal(1, Holders(data.Directory));
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task A_long_data_directory_is_no_hindrance()
    {
        await using var data = await DataWithHolder.CreateAsync(new string('d', 200));
        Hold(data.Client, data.Temp.Path);

        Assert.Equal([Name], data.Client.List().Keys);
    }

    [Fact]
    public async Task A_service_manager_keeps_what_it_holds_and_gives_it_back()
    {
        Require.Root();
        await using var temp = TempDirectory.Create();
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(temp["notify"]));
        manager.ReceiveTimeout = 30_000;
        var options = Options(temp["data"]);
        await using var holder = await ProcessRunner.StartAsync(
            new("dotnet") { Arguments = [Require.File(SourceTree.Program), "hold", "--data", temp["data"]], Environment = new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = temp["notify"] } },
            Cancel);
        Assert.Equal("READY=1", Receive(manager));

        using (var client = new HolderStarter(options).Connect()) Hold(client, temp.Path);
        Assert.Equal($"FDSTORE=1\nFDPOLL=0\nFDNAME={Name}", Receive(manager));
        using (var client = new HolderStarter(options).Connect()) client.Drop(Name);
        Assert.Equal($"FDSTOREREMOVE=1\nFDNAME={Name}", Receive(manager));

        // It stays for the manager to end, which keeps what there is.
        Assert.False(holder.HasExited);
        holder.Terminate();
        Assert.Equal(0, (await holder.WaitAsync(Hang.Limit, Cancel)).ExitCode);
    }

    [Fact]
    public async Task What_a_service_manager_kept_is_held_again()
    {
        Require.Root();
        await using var temp = TempDirectory.Create();

        // Descriptor 3 as systemd passes it, to the very process that the variables name.
        var line = $"exec 3<'{temp.Path}'; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES={Name} exec dotnet '{Require.File(SourceTree.Program)}' hold --data '{temp["data"]}'";
        await using var holder = await ProcessRunner.StartAsync(new(Require.Tool("bash")) { Arguments = ["-c", line] }, Cancel);
        await holder.WaitForLineAsync(said => said.StartsWith("Holding", StringComparison.Ordinal), Hang.Limit, Cancel);

        using var client = new HolderStarter(Options(temp["data"])).Connect();
        using var taken = client.Take(Name);

        using var root = FileSystemCalls.OpenRoot(temp.Path);
        Assert.True(FileSystemCalls.IsSameFile(root, taken!));
    }

    private static HydratorOptions Options(string data) => new() { DataDirectory = data, HolderCommand = ["dotnet", Require.File(SourceTree.Program)] };

    private static void Hold(HolderClient client, string directory)
    {
        using var given = FileSystemCalls.OpenRoot(directory);
        Assert.True(client.Hold(Name, given));
    }

    private static string Receive(Socket manager)
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, manager.Receive(buffer));
    }

    private static async Task SignalAsync(int process, int signal) =>
        (await ProcessRunner.RunAsync(new(Require.Tool("kill")) { Arguments = [$"-{signal}", $"{process}"] }, Cancel)).EnsureSuccess();

    private static async Task GoneAsync(int process)
    {
        while (Words($"/proc/{process}").Contains("hold")) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
    }

    private static int Holders(string directory) =>
        Directory.EnumerateDirectories("/proc").Count(process => Words(process) is var words && words.Contains("hold") && words.Contains(directory));

    private static string[] Words(string process)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A data directory with a holder, which is killed with it.</summary>
    private sealed class DataWithHolder : IAsyncDisposable
    {
        private DataWithHolder(string name) => Directory = Temp[name];

        public TempDirectory Temp { get; } = TempDirectory.Create();

        public string Directory { get; }

        public HolderClient Client { get; private set; } = null!;

        public int HolderId => GuardedDisk.HolderOf(Directory) ?? throw new InvalidOperationException("There is no holder.");

        public static Task<DataWithHolder> CreateAsync(string name = "data")
        {
            Require.Root();
            var data = new DataWithHolder(name);
            data.Client = data.Connect();
            return Task.FromResult(data);
        }

        public HolderClient Connect() => new HolderStarter(Options(Directory)).Connect();

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await GuardedDisk.KillHolderAsync(Directory);
            await Temp.DisposeAsync();
        }
    }
}
