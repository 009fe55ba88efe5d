using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Core.Crashing;
using Sluice.Protocol.Shapes;
using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>
/// The real program over a guarded disk and a real bucket, with a proxy between them that logs. It notes the crash points it passes, and dies where it is told to.
/// </summary>
internal sealed partial class CrashLane : IAsyncDisposable
{
    /// <summary>Prefix of the linked keys.</summary>
    public const string Prefix = "lane/";

    /// <summary>Files in flight at most.</summary>
    public const int Concurrency = 4;

    /// <summary>Size of a part in MiB; what is larger goes in parts.</summary>
    public const int PartMiB = 5;

    /// <summary>Parts of a file in flight at most.</summary>
    public const int PartsInParallel = 2;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly GuardedDisk _disk;
    private int _orders;
    private bool _isOrdered;
    private int _forgotten;

    private CrashLane(GuardedDisk disk, RgwBucket bucket, S3Proxy proxy) => (_disk, Bucket, Proxy) = (disk, bucket, proxy);

    public RgwBucket Bucket { get; }

    public S3Proxy Proxy { get; }

    public TaskClient Client { get; private set; } = null!;

    /// <summary>The directory that tasks work on; it need not exist.</summary>
    public string Folder => _disk["t"];

    /// <summary>Keys of what is in it begin so.</summary>
    public const string KeyPrefix = $"{Prefix}t/";

    /// <summary>Keys of completion reports begin so.</summary>
    public const string ReportPrefix = $"{Prefix}reports/";

    /// <summary>Where completion reports go.</summary>
    public string ReportPath => $"{Bucket.Url}/{ReportPrefix.TrimEnd('/')}";

    private SluiceServer Server => _disk.Server!;

    /// <summary>Whether an order was met: the process is dying, or dead.</summary>
    private bool IsDying() => _isOrdered && !File.Exists(OrderFile);

    private string OrderFile => _disk.Beside("order");

    private string LogFile => _disk.Beside("log");

    public static async Task<CrashLane> StartAsync(CancellationToken cancellationToken)
    {
        var rgw = await RgwServer.GetAsync();
        var bucket = await rgw.CreateBucketAsync(cancellationToken);
        var proxy = rgw.StartProxy();
        CrashLane? lane = null;
        try
        {
            var disk = await GuardedDisk.CreateAsync("ext4", cancellationToken);
            lane = new CrashLane(disk, bucket, proxy);
            await lane.StartServerAsync(rgw.EnvironmentFor(proxy), cancellationToken);
            return lane;
        }
        catch
        {
            if (lane is not null) await lane._disk.DisposeAsync();
            await proxy.DisposeAsync();
            await bucket.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the process die at its next <see cref="CrashMoment.Passing"/>-th passing, counted from here.</summary>
    public void Order(CrashMoment moment)
    {
        // Renamed into its place: it is read at any time. The number makes it a new order, though it may say the same as the last.
        File.WriteAllText($"{OrderFile}.new", $"{moment} {++_orders}");
        File.Move($"{OrderFile}.new", OrderFile, overwrite: true);
        _isOrdered = true;
    }

    /// <summary>Takes an order back that was not met.</summary>
    public void Unorder()
    {
        _isOrdered = false;
        File.Delete(OrderFile);
    }

    /// <summary>The points passed since <see cref="ForgetPassings"/>.</summary>
    public IReadOnlyList<string> Passings() => Encoding.ASCII.GetString(File.ReadAllBytes(LogFile).AsSpan(_forgotten)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Forgets the passings so far.</summary>
    public void ForgetPassings() => _forgotten = (int)new FileInfo(LogFile).Length;

    /// <summary>Waits until a task has ended and nothing of it is left; null when the process died before that.</summary>
    public async Task<DataRepositoryTask?> EndOrDieAsync(string taskId, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await Client.EndAsync(taskId, cancellationToken);
            await SettleAsync(cancellationToken);
            if (!IsDying()) return ended;
        }
        catch (HttpRequestException)
        {
            // It is gone, or about to be.
        }

        await DeathAsync(cancellationToken);
        return null;
    }

    /// <summary>Waits until the process is gone.</summary>
    public Task DeathAsync(CancellationToken cancellationToken) => UntilAsync(() => Server.Process.HasExited, "the process to be gone", cancellationToken);

    /// <summary>Starts the process again on what the last one left. False: it died again before it was ready, as it was ordered to.</summary>
    public async Task<bool> TryRestartAsync(CancellationToken cancellationToken)
    {
        ForgetPassings();
        try
        {
            await Server.StartAsync(cancellationToken);
        }
        catch (InvalidOperationException) when (Server.Process.HasExited && IsDying())
        {
            return false;
        }

        Connect();
        return true;
    }

    /// <summary>Waits a little until what a task that has ended needed is gone; what stays is seen among <see cref="DataFiles"/>.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        for (var time = Stopwatch.StartNew(); time.Elapsed < Settling && !IsDying() && IsSpoolThere();)
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
    }

    /// <summary>Files in the data directory, but for the catalog's own, which come and go.</summary>
    public IReadOnlyList<string> DataFiles() =>
        [.. Directory.EnumerateFileSystemEntries(_disk.DataDirectory, "*", SearchOption.AllDirectories)
            .Select(path => Device().Replace(Path.GetRelativePath(_disk.DataDirectory, path), "DEVICE"))
            .Where(path => !path.StartsWith("catalog.db", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>Waits, at most minutes, for what is bound to come.</summary>
    private static async Task UntilAsync(Func<bool> hasCome, string what, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Hang.Limit);
        try
        {
            while (!hasCome()) await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited in vain for {what}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _disk.DisposeAsync();
        await Proxy.DisposeAsync();
        await Bucket.DisposeAsync();
    }

    private bool IsSpoolThere()
    {
        if (Directory.EnumerateFileSystemEntries(Path.Combine(_disk.DataDirectory, "tasks")).Any()) return true;
        var passings = Passings();
        return passings.Count(point => point == $"{SideEffect.SpoolRemove}:before") > passings.Count(point => point == $"{SideEffect.SpoolRemove}:after");
    }

    private async Task StartServerAsync(IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken)
    {
        var settings = _disk.Beside("settings.json");
        await File.WriteAllTextAsync(
            settings, $$"""{ "engine": { "concurrency": {{Concurrency}}, "multipartThresholdMiB": {{PartMiB}}, "partSizeMiB": {{PartMiB}}, "partsInParallel": {{PartsInParallel}} } }""", cancellationToken);
        var variables = new Dictionary<string, string?>(environment) { ["SLUICE_CRASH_AT"] = OrderFile, ["SLUICE_CRASH_LOG"] = LogFile };
        await _disk.StartServerAsync(variables, cancellationToken, "--config", settings);
        Connect();
        await Client.LinkAsync(_disk.Root, $"{Bucket.Url}/{Prefix.TrimEnd('/')}", cancellationToken);
    }

    // The hydrator's files are named after the disk's device.
    [GeneratedRegex("(?<=^hydrator/)[0-9a-f]+(?=\\.)")]
    private static partial Regex Device();

    private void Connect()
    {
        var fileSystemId = Client?.FileSystemId ?? "";
        Client?.Dispose();
        Client = new TaskClient(Server.Url, Server.Credentials.AccessKeyId, Server.Credentials.SecretAccessKey) { FileSystemId = fileSystemId };
    }
}
