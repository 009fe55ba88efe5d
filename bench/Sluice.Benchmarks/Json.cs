using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;

namespace Sluice.Benchmarks;

/// <summary>The JSON of an operation: a request checked and read, an answer written, beside parsing the request alone.</summary>
public class Json
{
    private static readonly byte[] Request = FsxOperations.CreateDataRepositoryTask.WriteInput(new CreateDataRepositoryTaskRequest
    {
        Type = "EXPORT_TO_REPOSITORY",
        FileSystemId = "fs-0123456789abcdef0",
        Paths = ["results", "raw/run-7"],
        Report = new() { Enabled = true, Path = "s3://bucket/reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
        ClientRequestToken = "7c9b7f1e-6f0c-4b0e-9b57-5e3a4b1f2a10",
    });

    private static readonly CreateDataRepositoryTaskResponse Answer = new()
    {
        DataRepositoryTask = new()
        {
            TaskId = "task-0123456789abcdef0",
            Lifecycle = "PENDING",
            Type = "EXPORT_TO_REPOSITORY",
            FileSystemId = "fs-0123456789abcdef0",
            CreationTime = DateTimeOffset.UnixEpoch,
            Paths = ["results", "raw/run-7"],
            Report = new() { Enabled = true, Path = "s3://bucket/reports", Format = "REPORT_CSV_20191124", Scope = "FAILED_FILES_ONLY" },
        },
    };

    [Benchmark(Baseline = true)]
    public JsonValueKind ParseRequest()
    {
        using var document = JsonDocument.Parse(Request);
        return document.RootElement.ValueKind;
    }

    [Benchmark]
    public object ReadRequest()
    {
        using var document = RequestDocument.Parse(Request);
        return FsxOperations.CreateDataRepositoryTask.ReadInput(document.RootElement);
    }

    [Benchmark]
    public byte[] WriteAnswer() => FsxOperations.CreateDataRepositoryTask.WriteOutput(Answer);
}
