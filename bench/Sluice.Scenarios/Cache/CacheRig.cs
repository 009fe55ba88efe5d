using System.Text.Json;
using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Cache;

/// <summary>A guarded ext4 file system in an image, a server over it, and a bucket: at an S3 server, or a directory.</summary>
internal sealed class CacheRig : IAsyncDisposable
{
    /// <summary>The bucket where it is a directory.</summary>
    public const string DirectoryBucket = "bench";

    private readonly string _program;
    private readonly TempDirectory _temp = TempDirectory.Create();
    private SluiceServer? _server;
    private bool _isMounted;

    private CacheRig(string program) => _program = program;

    /// <summary>The directory that is the file system's root.</summary>
    public string Root => _temp["mount/root"];

    /// <summary>A directory beside it on the same file system, of which Sluice knows nothing.</summary>
    public string Beside => _temp["mount/beside"];

    /// <summary>The bucket, where it is a directory.</summary>
    public string BucketDirectory => Path.Combine(Data, "buckets", DirectoryBucket);

    private string Data => _temp["data"];

    private string FileSystem { get; set; } = "";

    /// <summary>Starts everything.</summary>
    /// <param name="program">The sluice to measure.</param>
    /// <param name="imageBytes">Size of the file system.</param>
    /// <param name="s3">Where the bucket is; null for a directory.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CacheRig> StartAsync(string program, long imageBytes, S3Target? s3, CancellationToken cancellationToken)
    {
        var rig = new CacheRig(program);
        try
        {
            await rig.StartAsync(imageBytes, s3, cancellationToken);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>Unmounts the file system and mounts it as anybody would, without a guard; or the other way round.</summary>
    public async Task RemountAsync(bool isGuarded, CancellationToken cancellationToken)
    {
        await RunAsync(isGuarded ? ["umount", _temp["mount"]] : [_program, "umount", _temp["mount"], "--data", Data], cancellationToken);
        await RunAsync(
            isGuarded ? [_program, "mount", _temp["image"], _temp["mount"], "--data", Data] : ["mount", "-o", "loop", _temp["image"], _temp["mount"]], cancellationToken);
    }

    /// <summary>Runs a task to its end and tells what it cost, by the service's own times and the kernel's counters of the server.</summary>
    /// <param name="kind">export, import, release or restore.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TaskFigures> RunTaskAsync(string kind, CancellationToken cancellationToken)
    {
        var before = ServerCpu();
        var id = (await SluiceAsync(["task", kind, FileSystem], cancellationToken)).Trim();
        using var task = await WaitAsync(id, cancellationToken);
        var status = task.RootElement.GetProperty("Status");
        var state = task.RootElement.GetProperty("Lifecycle").GetString();
        if (state != "SUCCEEDED") throw new InvalidOperationException($"The {kind} task ended {state}: {task.RootElement}");
        var seconds = task.RootElement.GetProperty("EndTime").GetDouble() - task.RootElement.GetProperty("StartTime").GetDouble();
        return new TaskFigures(status.GetProperty("SucceededCount").GetInt64(), TimeSpan.FromSeconds(seconds), ServerCpu() - before, ServerPeakBytes());
    }

    /// <summary>Has what was written so far reach the disk, so that the next to be measured does not pay for it.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => RunAsync(["sync", "-f", Root, _temp.Path], cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A guard without a server would keep what still reads waiting: first the readers' way, then the server.
        if (_isMounted) await RunAsync([_program, "umount", _temp["mount"], "--data", Data], CancellationToken.None);
        if (_server is not null) await _server.DisposeAsync();
        await _temp.DisposeAsync();
    }

    private async Task StartAsync(long imageBytes, S3Target? s3, CancellationToken cancellationToken)
    {
        await using (var image = new FileStream(_temp["image"], FileMode.CreateNew)) image.SetLength(imageBytes);
        Directory.CreateDirectory(_temp["mount"]);
        Directory.CreateDirectory(BucketDirectory);
        await RunAsync(["/usr/sbin/mkfs.ext4", "-q", "-i", "4096", _temp["image"]], cancellationToken);
        await RunAsync([_program, "mount", _temp["image"], _temp["mount"], "--data", Data], cancellationToken);
        _isMounted = true;
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Beside);
        var options = new SluiceServerOptions
        {
            DataDirectory = Data,
            Command = [_program],
            Arguments = ["--allow-root", _temp["mount"], .. s3 is null ? Array.Empty<string>() : ["--s3-endpoint", s3.Endpoint]],
            Environment = s3?.Environment ?? new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_S3"] = null },
        };
        _server = await SluiceServer.StartAsync(options, cancellationToken);
        FileSystem = (await SluiceAsync(["fs", "create", "--root", Root], cancellationToken)).Trim();
        await SluiceAsync(["dra", "create", FileSystem, "/", $"s3://{s3?.Bucket ?? DirectoryBucket}"], cancellationToken);
    }

    /// <summary>The task as the API describes it when it has ended.</summary>
    private async Task<JsonDocument> WaitAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var task = JsonDocument.Parse(await SluiceAsync(["task", "show", id, "--json"], cancellationToken));
            if (task.RootElement.TryGetProperty("EndTime", out _)) return task;
            task.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
    }

    private Task<string> SluiceAsync(string[] arguments, CancellationToken cancellationToken) =>
        RunAsync([_program, .. arguments, "--data", Data], cancellationToken);

    private static async Task<string> RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var result = await ProcessRunner.RunAsync(new(command[0]) { Arguments = command[1..] }, cancellationToken);
        return result.EnsureSuccess().Output;
    }

    private TimeSpan ServerCpu() => ProcessCounters.Cpu(ServerId());

    private long ServerPeakBytes() => ProcessCounters.PeakBytes(ServerId());

    private int ServerId() => _server!.Process.Id;
}

/// <summary>What one task cost.</summary>
/// <param name="Entries">Entries done.</param>
/// <param name="Wall">From StartTime to EndTime.</param>
/// <param name="Cpu">CPU time of the server meanwhile.</param>
/// <param name="PeakBytes">The server's greatest resident memory so far.</param>
internal sealed record TaskFigures(long Entries, TimeSpan Wall, TimeSpan Cpu, long PeakBytes);
