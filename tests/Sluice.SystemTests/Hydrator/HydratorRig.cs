using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;

namespace Sluice.SystemTests.Hydrator;

/// <summary>A guarded disk with released files of known content, whose server restores nothing itself: workers are started by the tests. What the workers get from
/// the bucket passes a gate.</summary>
internal sealed class HydratorRig : IAsyncDisposable
{
    private readonly RgwServer _rgw;
    private readonly RgwBucket _bucket;
    private readonly S3Proxy _proxy;
    private readonly List<ProcessRunner> _processes = [];
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HydratorRig(GuardedDisk disk, RgwServer rgw, RgwBucket bucket)
    {
        (Disk, _rgw, _bucket) = (disk, rgw, bucket);
        _gate.SetResult();
        _proxy = rgw.StartProxy(request => request.Operation == "GetObject" ? ProxyAction.Forward.When(Volatile.Read(ref _gate).Task) : ProxyAction.Forward);
    }

    /// <summary>The disk.</summary>
    public GuardedDisk Disk { get; }

    /// <summary>Requests for content so far.</summary>
    public int Gets => _proxy.Requests.Count(request => request.Operation == "GetObject");

    private Dictionary<string, string?> Environment => new(_rgw.EnvironmentFor(_proxy)) { ["SLUICE_DATA"] = Disk.DataDirectory };

    /// <summary>Makes one with files <c>0</c> to <c>count-1</c> of <paramref name="bytes"/> each, all of them released.</summary>
    public static async Task<HydratorRig> CreateAsync(string kind, int count, int bytes, CancellationToken cancellationToken)
    {
        var rgw = await RgwServer.GetAsync();
        var rig = new HydratorRig(await GuardedDisk.CreateAsync(kind, cancellationToken), rgw, await rgw.CreateBucketAsync(cancellationToken));
        try
        {
            await rig.Disk.StartServerAsync(rig.Environment, cancellationToken, "--no-hydrator");
            await using (await rig.StartWorkerAsync(cancellationToken))
            {
                for (var i = 0; i < count; i++) await File.WriteAllBytesAsync(rig.Disk[$"{i}"], Content(i, bytes), cancellationToken);
                var id = (await rig.RunAsync("fs", "create", "--root", rig.Disk.Root)).Output.Trim();
                await rig.RunAsync("dra", "create", id, "/", rig._bucket.Url);
                await rig.RunAsync("task", "export", id, "--watch");
                await rig.RunAsync("release", rig.Disk.Root);
            }

            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>What is in file number <paramref name="file"/>; never a zero.</summary>
    public static byte[] Content(int file, int bytes)
    {
        var content = new byte[bytes];
        for (var i = 0; i < bytes; i++) content[i] = (byte)(1 + ((i + (file * 31)) % 251));
        return content;
    }

    /// <summary>Starts a worker.</summary>
    public async Task<ProcessRunner> StartWorkerAsync(CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var worker = await Disk.StartHydratorAsync(Environment, cancellationToken, arguments);
        _processes.Add(worker);
        return worker;
    }

    /// <summary>Has a process of its own read a file; it prints the content's digest.</summary>
    public async Task<ProcessRunner> StartReaderAsync(int file, CancellationToken cancellationToken)
    {
        var reader = await ProcessRunner.StartAsync(new(Require.Tool("sha256sum")) { Arguments = [Disk[$"{file}"]] }, cancellationToken);
        _processes.Add(reader);
        return reader;
    }

    /// <summary>Whether a reader got the right bytes; false when it got an error. Anything else is a failure.</summary>
    public static async Task<bool> IsRightAsync(ProcessRunner reader, int file, int bytes, CancellationToken cancellationToken)
    {
        var result = await reader.WaitAsync(Hang.Limit, cancellationToken);
        if (result.ExitCode != 0)
        {
            Xunit.Assert.Contains("Input/output error", result.Error, StringComparison.Ordinal);
            return false;
        }

        Xunit.Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content(file, bytes))), result.Output.Split(' ')[0]);
        return true;
    }

    /// <summary>Holds back all content asked for from now on.</summary>
    public void Hold() => Volatile.Write(ref _gate, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Waits until content was asked for after <paramref name="before"/> requests.</summary>
    public Task<ProxyRequest> WaitForGetAsync(int before, CancellationToken cancellationToken) =>
        _proxy.WaitForAsync(request => request.Operation == "GetObject" && Gets > before, cancellationToken).WaitAsync(Hang.Limit, cancellationToken);

    /// <summary>Lets content go on.</summary>
    public void LetGo() => Volatile.Read(ref _gate).TrySetResult();

    /// <summary>Runs a command of the program against the server; it must succeed.</summary>
    public async Task<ProcessResult> RunAsync(params IReadOnlyList<string> arguments) =>
        (await Cli.RunAsync(new Dictionary<string, string?> { ["SLUICE_DATA"] = Disk.DataDirectory }, arguments)).EnsureSuccess();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        try
        {
            foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
        }
        finally
        {
            await Disk.DisposeAsync();
        }

        await _proxy.DisposeAsync();
        await _bucket.DisposeAsync();
    }
}
