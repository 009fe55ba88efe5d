using System.Net;
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
    private readonly RawRequest _requests;

    private ApiRig(CancelRig rig, ProcessRunner echo, Uri echoUrl)
    {
        (_rig, _echo, _echoUrl) = (rig, echo, echoUrl);
        _requests = new RawRequest(new Uri(rig.Server.Url).Authority, rig.Server.Credentials);
    }

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
            return new ApiRig(rig, echo, url);
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>So many requests that create a task each; answers the tasks' ids too.</summary>
    public async Task<(LoadFigures Figures, IReadOnlyList<string> TaskIds)> CreateAsync(int connections, int count, CancellationToken cancellationToken)
    {
        var requests = Enumerable.Range(0, count).Select(_ => _requests.Make(FsxOperations.CreateDataRepositoryTask, new CreateDataRepositoryTaskRequest
        {
            Type = TaskTypes.Export, FileSystemId = _rig.Client.FileSystemId, Paths = [], Report = new() { Enabled = false }, ClientRequestToken = $"{Guid.NewGuid()}",
        })).ToList();
        var ids = new string[count];
        return (await SluiceAsync(connections, requests, (number, answer) => ids[number] = TaskIdIn(answer), cancellationToken), ids);
    }

    /// <summary>So many requests that describe one of <paramref name="taskIds"/> each.</summary>
    public Task<LoadFigures> DescribeAsync(int connections, int count, IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        SluiceAsync(connections, DescribeRequests(count, taskIds), take: null, cancellationToken);

    /// <summary>A request for each of <paramref name="taskIds"/> that cancels it.</summary>
    public Task<LoadFigures> CancelAsync(int connections, IReadOnlyList<string> taskIds, CancellationToken cancellationToken) => SluiceAsync(
        connections,
        [.. taskIds.Select(id => _requests.Make(FsxOperations.CancelDataRepositoryTask, new CancelDataRepositoryTaskRequest { TaskId = id }))],
        take: null,
        cancellationToken);

    /// <summary>The same requests as <see cref="DescribeAsync"/> to the echo server.</summary>
    public Task<LoadFigures> EchoAsync(int connections, int count, IReadOnlyList<string> taskIds, CancellationToken cancellationToken) =>
        Load.RunAsync(new IPEndPoint(IPAddress.Loopback, _echoUrl.Port), _echo.Id, connections, DescribeRequests(count, taskIds), take: null, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _echo.DisposeAsync();
        await _rig.DisposeAsync();
    }

    private List<byte[]> DescribeRequests(int count, IReadOnlyList<string> taskIds) =>
        [.. Enumerable.Range(0, count).Select(number => _requests.Make(
            FsxOperations.DescribeDataRepositoryTasks, new DescribeDataRepositoryTasksRequest { TaskIds = [taskIds[number % taskIds.Count]] }))];

    private Task<LoadFigures> SluiceAsync(
        int connections, IReadOnlyList<byte[]> requests, Action<int, ReadOnlySpan<byte>>? take, CancellationToken cancellationToken) =>
        Load.RunAsync(new IPEndPoint(IPAddress.Loopback, new Uri(_rig.Server.Url).Port), _rig.Server.Process.Id, connections, requests, take, cancellationToken);

    private static string TaskIdIn(ReadOnlySpan<byte> answer)
    {
        var member = "\"TaskId\":\""u8;
        var id = answer[(answer.IndexOf(member) + member.Length)..];
        return Encoding.ASCII.GetString(id[..id.IndexOf((byte)'"')]);
    }
}
