using System.Text;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Sluice.Scenarios.Cancel;
using Sluice.SystemTests;
using Sluice.TestKit;

namespace Sluice.Scenarios.Api;

/// <summary>A server whose one executing task has one file, the request for which is never answered: all further tasks wait, and cost nothing but themselves.
/// Beside it the echo server.</summary>
internal sealed class ApiRig : IAsyncDisposable
{
    private readonly CancelRig _rig;
    private readonly ProcessRunner _echo;
    private readonly Uri _echoUrl;
    private readonly Uri _url;
    private readonly RawRequest _requests;
    private readonly HttpLane _asking;
    private int _created;

    private ApiRig(CancelRig rig, ProcessRunner echo, Uri echoUrl, HttpLane asking)
    {
        (_rig, _echo, _echoUrl, _asking) = (rig, echo, echoUrl, asking);
        _url = new Uri(rig.Server.Url);
        _requests = new RawRequest(_url.Authority, rig.Server.Credentials);
    }

    private static ReadOnlySpan<byte> TaskIdMember => "\"TaskId\":\""u8;

    /// <summary>Starts everything.</summary>
    public static async Task<ApiRig> StartAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var rig = await CancelRig.StartAsync(context, 1L << 30, root => File.WriteAllText(Path.Combine(root, "file"), "waits"), cancellationToken);
        try
        {
            rig.Proxy.Rule = request => request.StartsObject ? ProxyAction.Hang : ProxyAction.Forward;
            await rig.Client.CreateAsync(TaskTypes.Export, [], reportPath: null, cancellationToken);
            _ = await rig.Proxy.WaitForAsync(request => request.StartsObject, cancellationToken);
            var (echo, url) = await ReferenceProgram.StartEchoAsync(cancellationToken);
            return new ApiRig(rig, echo, url, await HttpLane.ConnectAsync(new Uri(rig.Server.Url), cancellationToken));
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects to the server.</summary>
    public Task<Load> ConnectAsync(int connections, CancellationToken cancellationToken) =>
        Load.ConnectAsync(_url, _rig.Server.Process.Id, connections, cancellationToken);

    /// <summary>Connects to the echo server.</summary>
    public Task<Load> ConnectToEchoAsync(int connections, CancellationToken cancellationToken) =>
        Load.ConnectAsync(_echoUrl, _echo.Id, connections, cancellationToken);

    /// <summary>So many requests that create a task each, each of a path of its own: a task like one that has not ended would be refused.</summary>
    public IReadOnlyList<byte[]> Creates(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => _requests.Make(FsxOperations.CreateDataRepositoryTask, new CreateDataRepositoryTaskRequest
        {
            Type = TaskTypes.Export,
            FileSystemId = _rig.Client.FileSystemId,
            Paths = [$"d{_created++}"],
            Report = new() { Enabled = false },
            ClientRequestToken = $"{Guid.NewGuid()}",
        })),
    ];

    /// <summary>A request for each task that describes it.</summary>
    public IReadOnlyList<byte[]> Describes(IEnumerable<string> taskIds) =>
        [.. taskIds.Select(id => _requests.Make(FsxOperations.DescribeDataRepositoryTasks, new DescribeDataRepositoryTasksRequest { TaskIds = [id] }))];

    /// <summary>A request for each task that cancels it.</summary>
    public IReadOnlyList<byte[]> Cancels(IEnumerable<string> taskIds) =>
        [.. taskIds.Select(id => _requests.Make(FsxOperations.CancelDataRepositoryTask, new CancelDataRepositoryTaskRequest { TaskId = id }))];

    /// <summary>Waits until no canceled task has its end before it: the server writes that after the answer.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var canceling = new DescribeDataRepositoryTasksRequest { Filters = [new() { Name = "task-lifecycle", Values = ["CANCELING"] }] };
        while ((await _asking.SendAsync(_requests.Make(FsxOperations.DescribeDataRepositoryTasks, canceling), cancellationToken)).Span.IndexOf(TaskIdMember) >= 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
    }

    /// <summary>The id of the task that an answer is about.</summary>
    public static string TaskIdIn(ReadOnlySpan<byte> answer)
    {
        var id = answer[(answer.IndexOf(TaskIdMember) + TaskIdMember.Length)..];
        return Encoding.ASCII.GetString(id[..id.IndexOf((byte)'"')]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _asking.Dispose();
        await _echo.DisposeAsync();
        await _rig.DisposeAsync();
    }
}
