using System.Text;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.SystemTests.Release;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>One row of the matrix under way: a directory with a few files and a symlink, and what becomes of them.</summary>
internal sealed class FaultTrial : IAsyncDisposable
{
    private const int SmallBytes = 10_000;
    private const int ManyFiles = 20;

    // No UTF-8, so that it can be no key.
    private static readonly byte[] BadName = [0xFF];

    // Two parts, and six ranges.
    private const int LargeBytes = (5 << 20) + 4321;

    private readonly FaultRow _row;
    private readonly HsmRig _rig;
    private readonly S3Proxy _proxy;
    private readonly RgwBucket _bucket;
    private readonly string _directory;
    private readonly CancellationToken _cancel;
    private readonly Dictionary<string, byte[]> _contents = [];

    private FaultTrial(FaultRow row, HsmRig rig, S3Proxy proxy, RgwBucket bucket, string directory, CancellationToken cancellationToken)
    {
        (_row, _rig, _proxy, _bucket, _directory, _cancel) = (row, rig, proxy, bucket, directory, cancellationToken);
        foreach (var name in NamesFor(row))
            _contents[name] = TestContent.Bytes((ulong)(_contents.Count + 1), name == "large" ? LargeBytes : SmallBytes);
    }

    private static IEnumerable<string> NamesFor(FaultRow row)
    {
        if (row.HasMany) return Enumerable.Range(0, ManyFiles).Select(number => $"file-{number}");
        return row.HasLarge ? ["a", "b", "c", "large"] : ["a", "b", "c"];
    }

    private TaskType Type => _row.Task switch
    {
        "import" => TaskType.ImportMetadata,
        "release" => TaskType.Release,
        "restore" => TaskType.Restore,
        _ => TaskType.Export,
    };

    private string Prefix => HsmRig.Key($"{_directory}/");

    private string ReportPath => $"s3://{_bucket.Name}/reports/";

    public static async Task<FaultTrial> BeginAsync(
        FaultRow row, HsmRig rig, S3Proxy proxy, RgwBucket bucket, string directory, CancellationToken cancellationToken)
    {
        var trial = new FaultTrial(row, rig, proxy, bucket, directory, cancellationToken);
        await trial.MakeAsync();
        return trial;
    }

    /// <summary>Runs the task with the fault, and tells what came of it as the row does.</summary>
    public async Task<string> RunAsync()
    {
        _proxy.Rule = _row.Rule();
        var task = await RunTaskAsync();
        _proxy.Rule = _ => ProxyAction.Forward;
        Assert.Contains(_proxy.Requests, request => request.Operation == _row.OperationName && request.Action is { } action && action != ProxyAction.Forward);
        Assert.True(_rig.Counts.Succeeded + _rig.Counts.Failed <= _rig.Counts.Total, $"{_rig.Counts}");
        if (task.Lifecycle == TaskLifecycle.Succeeded) return "recovers";
        Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
        var message = task.FailureMessage!;
        if (_row.Outcome.Split(' ')[0] is not ("row" or "recovers") && message.Contains(_row.Outcome, StringComparison.Ordinal))
        {
            // It says where to look.
            Assert.Contains(_bucket.Name, message, StringComparison.Ordinal);
            return _row.Outcome;
        }

        if (!message.StartsWith("The task failed to process ", StringComparison.Ordinal) || message.Contains("could not", StringComparison.Ordinal)) return message;
        var codes = _rig.Failures.Select(line => line[(line.LastIndexOf(',') + 1)..].Trim('"')).Distinct();
        return $"row {string.Join(' ', codes)}";
    }

    /// <summary>Runs it once more without the fault, and what is left of the first is cleaned up, as the scheduler does.</summary>
    public async Task RunRestAsync()
    {
        await _rig.SweepUploadsAsync();
        RemoveBadName();
        var task = await RunTaskAsync();
        Assert.True(task.Lifecycle == TaskLifecycle.Succeeded, task.FailureMessage);
        if (Type != TaskType.Export) return;

        // The ledger has it all.
        _ = await RunTaskAsync();
        Assert.Equal((0, 0, 0), _rig.Counts);
    }

    /// <summary>Every object is what its file is, every file has its data or is released as a whole, and nothing has another name.</summary>
    public async Task AssertNothingHalfAsync()
    {
        var keys = await _bucket.KeysAsync(_cancel, Prefix);
        foreach (var (name, content) in _contents)
        {
            if (keys.Contains(Prefix + name)) Assert.True((await _bucket.ReadAsync(Prefix + name, _cancel)).AsSpan().SequenceEqual(content), $"object {name}");
            if (Path.Exists(PathOf(name))) AssertFile(name, content);
        }

        Assert.Empty(keys.Except([Prefix, Prefix + "link", .. _contents.Keys.Select(name => Prefix + name)]));
        if (Directory.Exists(PathOf("")) && _row.Task != "report")
            Assert.Empty(Directory.EnumerateFileSystemEntries(PathOf("")).Select(path => Path.GetFileName(path)).Except([.. _contents.Keys, "link"]));
    }

    /// <summary>All that the task is to do is done.</summary>
    public async Task AssertWholeAsync()
    {
        await AssertNothingHalfAsync();
        Assert.Equal(_contents.Count + 2, (await _bucket.KeysAsync(_cancel, Prefix)).Count);
        Assert.DoesNotContain(await _bucket.PendingUploadsAsync(_cancel), upload => upload.Key.StartsWith(Prefix, StringComparison.Ordinal));
        foreach (var name in _contents.Keys) Assert.Equal(Type is TaskType.Release or TaskType.ImportMetadata, IsReleased(name));
        if (Type is not (TaskType.Release or TaskType.ImportMetadata)) return;
        var restored = await _rig.RunAsync(TaskType.Restore, paths: [_directory]);
        Assert.True(restored.Lifecycle == TaskLifecycle.Succeeded, restored.FailureMessage);
        foreach (var (name, content) in _contents) AssertFile(name, content);
    }

    public async ValueTask DisposeAsync()
    {
        _proxy.Rule = _ => ProxyAction.Forward;
        _proxy.Forget();
        await _rig.SweepUploadsAsync();
        foreach (var key in await _bucket.KeysAsync(CancellationToken.None)) await _bucket.Client.DeleteObjectAsync(_bucket.Name, key, CancellationToken.None);
        RemoveBadName();
        if (Directory.Exists(PathOf(""))) Directory.Delete(PathOf(""), recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_rig[_directory], name);

    private async Task MakeAsync()
    {
        Directory.CreateDirectory(PathOf(""));
        foreach (var (name, content) in _contents) await File.WriteAllBytesAsync(PathOf(name), content, _cancel);
        File.CreateSymbolicLink(PathOf("link"), "a");
        if (_row.Task == "report") MakeBadName();
        if (Type == TaskType.Export && _row.OperationName is not ("HeadObject" or "CopyObject")) return;
        await SucceedAsync(TaskType.Export);
        switch (Type)
        {
            case TaskType.Export:
                foreach (var name in _contents.Keys) File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead);
                break;
            case TaskType.ImportMetadata:
                Directory.Delete(PathOf(""), recursive: true);
                break;
            case TaskType.Restore:
                await SucceedAsync(TaskType.Release);
                break;
        }
    }

    /// <summary>A file whose name is no key: a row of the report.</summary>
    private void MakeBadName()
    {
        using var made = FileSystemCalls.OpenBeneath(
            _rig.Files, [.. Encoding.UTF8.GetBytes($"{_directory}/"), .. BadName], OpenFlags.ReadWrite | OpenFlags.Create, 0b110_000_000);
    }

    private void RemoveBadName()
    {
        if (_row.Task != "report") return;
        using var directory = FileSystemCalls.OpenBeneath(_rig.Files, Encoding.UTF8.GetBytes(_directory), OpenFlags.ReadOnly | OpenFlags.Directory);
        _ = FileSystemCalls.UnlinkAt(directory, BadName);
    }

    private async Task SucceedAsync(TaskType type)
    {
        var task = await _rig.RunAsync(type, paths: [_directory]);
        Assert.True(task.Lifecycle == TaskLifecycle.Succeeded, $"{type}: {task.FailureMessage}");
    }

    private Task<RepositoryTask> RunTaskAsync() => _rig.RunAsync(
        Type,
        paths: [Type == TaskType.ImportMetadata ? $"s3://{_bucket.Name}/{HsmRig.Key(_directory)}" : _directory],
        reportPath: _row.Task == "report" ? ReportPath : null);

    private bool IsReleased(string name)
    {
        using var file = _rig.Open($"{_directory}/{name}");
        return _rig.Ledger.Read(file) is { } record && record.States.HasFlag(HsmStates.Released);
    }

    private void AssertFile(string name, byte[] content)
    {
        using var file = _rig.Open($"{_directory}/{name}");
        Assert.Equal(content.Length, FileSystemCalls.Status(file).SizeBytes);
        if (_rig.Ledger.Read(file) is { } record && record.States.HasFlag(HsmStates.Released))
            Assert.True(record.IsUnderWay || FileSystemCalls.SeekData(file, 0) is null, $"{name} is released and has data");
        else
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(PathOf(name))), $"file {name}");
    }
}
