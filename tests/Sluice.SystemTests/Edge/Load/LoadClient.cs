using System.Text;
using System.Text.Json;
using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge.Load;

/// <summary>A client that asks for tasks, makes them and cancels them, one request after another on one connection.</summary>
internal sealed class LoadClient(EdgeServer edge, IReadOnlyList<string> fileSystemIds, LoadLog log, Random random)
{
    private const int Directories = 12;
    private const int MostKnown = 64;

    private readonly ApiSigner _signer = edge.Administrator();
    private readonly List<string> _known = [];

    /// <summary>Goes on until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        using var connection = await RawConnection.OpenAsync(edge.Address, cancellationToken);
        while (!stop.IsCancellationRequested)
        {
            var (operation, body) = Next();
            var start = TimeProvider.System.GetTimestamp();
            await connection.SendAsync(_signer.Signed(operation.Target, Encoding.UTF8.GetBytes(body)).ToBytes(), cancellationToken);
            var answer = await connection.ReceiveAsync("POST", cancellationToken);
            var latency = TimeProvider.System.GetElapsedTime(start);
            if (answer is null)
            {
                log.Violations.Enqueue($"{operation.Name}: the connection ended");
                return;
            }

            var violation = AnswerRules.Violation(answer, hasBody: true, out var code);
            log.Add(operation.Name, code, latency);
            if (violation is not null || !IsPromised(operation.Name, code, answer)) log.Violations.Enqueue($"{operation.Name}: {answer}");
            if (code is null && operation.Name == FsxOperations.CreateDataRepositoryTask.Info.Name) Learn(answer);
        }
    }

    private (OperationInfo Operation, string Body) Next() => random.Next(10) switch
    {
        < 2 => (FsxOperations.DescribeFileSystems.Info, "{}"),
        < 4 => (FsxOperations.DescribeDataRepositoryTasks.Info, $"{{\"Filters\":[{{\"Name\":\"file-system-id\",\"Values\":[\"{FileSystem()}\"]}}],\"MaxResults\":10}}"),
        < 6 when _known.Count > 0 => (FsxOperations.DescribeDataRepositoryTasks.Info, $"{{\"TaskIds\":[\"{Known()}\"]}}"),
        < 8 when _known.Count > 0 => (FsxOperations.CancelDataRepositoryTask.Info, $"{{\"TaskId\":\"{Known()}\"}}"),
        _ => (FsxOperations.CreateDataRepositoryTask.Info, $"{{\"FileSystemId\":\"{FileSystem()}\",\"Type\":\"EXPORT_TO_REPOSITORY\",\"Paths\":[{Paths()}],\"Report\":{{\"Enabled\":false}}}}"),
    };

    // A task that is the same as one under way, a full queue, and the end of a task before its cancel are what a client has to reckon with.
    private static bool IsPromised(string operation, string? code, RawAnswer answer) => (operation, code) switch
    {
        (_, null) => true,
        ("CreateDataRepositoryTask", "DataRepositoryTaskExecuting") => true,
        ("CreateDataRepositoryTask", "BadRequest") => Encoding.UTF8.GetString(answer.Body).Contains("tasks waiting", StringComparison.Ordinal),
        ("CancelDataRepositoryTask", "DataRepositoryTaskEnded") => true,
        _ => false,
    };

    private void Learn(RawAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        var id = document.RootElement.GetProperty("DataRepositoryTask").GetProperty("TaskId").GetString()!;
        log.TaskIds.Enqueue(id);
        _known.Add(id);
        if (_known.Count > MostKnown) _known.RemoveAt(0);
    }

    private string Known() => _known[random.Next(_known.Count)];

    private string FileSystem() => fileSystemIds[random.Next(fileSystemIds.Count)];

    private string Paths() => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"\"/d{random.Next(Directories)}\"").Distinct());
}
