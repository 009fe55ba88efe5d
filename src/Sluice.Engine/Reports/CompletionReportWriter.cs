using Sluice.Core.Ids;
using Sluice.Core.Repositories;
using Sluice.Core.Tasks;
using Sluice.Engine.Movers;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;

namespace Sluice.Engine.Reports;

/// <summary>Puts the rows of a <see cref="FailureSpool"/> into the repository as <c>{Path}/{TaskId}/failures.csv</c>, <c>report.csv</c> for an import; with no
/// rows, no object (as the real service does). Streams; constant memory.</summary>
internal sealed class CompletionReportWriter(IRepositoryResolver repositories, UploadJournal journal, EngineOptions options)
{
    /// <summary>Key of a task's report.</summary>
    public static string Key(RepositoryPath path, RepositoryTask task) => $"{path.Prefix}{task.Id}/{FileName(task.Type)}";

    /// <summary>Writes the report if it is wanted and there is something to report. Where there is nothing, what an earlier life of the task may have written
    /// goes: it tells of failures that are none any more.</summary>
    public async Task WriteAsync(RepositoryTask task, FailureSpool spool, CancellationToken cancellationToken)
    {
        var isFirstLife = task.Lifecycle == TaskLifecycle.Pending;
        if (!task.Report.Enabled || (spool.Rows == 0 && isFirstLife) || !RepositoryPath.TryParse(task.Report.Path, out var path)) return;
        var repository = repositories.Resolve(path.Bucket);
        var key = Key(path, task);
        if (spool.Rows == 0)
        {
            await repository.DeleteAsync(key, cancellationToken);
            return;
        }

        var metadata = new ObjectMetadata { User = new Dictionary<string, string>(), ContentType = "text/csv; charset=utf-8" };
        if (spool.Length <= options.MultipartThresholdBytes)
        {
            var content = new byte[spool.Length];
            spool.Read(0, content);
            var put = new PutRequest { Key = key, Content = content, Checksum = Crc64Nvme.Hash(content), Metadata = metadata };
            await repository.PutAsync(put, StartPermit.Unrestricted, cancellationToken);
            return;
        }

        await WritePartsAsync(task.Id, repository, key, metadata, spool, cancellationToken);
    }

    private static string FileName(TaskType type) => type == TaskType.ImportMetadata ? "report.csv" : "failures.csv";

    private async Task WritePartsAsync(
        TaskId taskId, IObjectRepository repository, string key, ObjectMetadata metadata, FailureSpool spool, CancellationToken cancellationToken)
    {
        await using var upload = await journal.BeginAsync(taskId, repository, key, metadata, StartPermit.Unrestricted, cancellationToken);
        var parts = new List<UploadedPart>();
        var checksum = 0UL;
        var buffer = new byte[PartPlan.PartSize(spool.Length, options.PartSizeBytes)];
        for (long offset = 0; offset < spool.Length; offset += buffer.Length)
        {
            var content = buffer.AsMemory(0, spool.Read(offset, buffer));
            var partChecksum = Crc64Nvme.Hash(content.Span);
            checksum = parts.Count == 0 ? partChecksum : Crc64Nvme.Combine(checksum, partChecksum, content.Length);
            var request = new UploadPartRequest
            {
                Upload = upload.Upload, PartNumber = parts.Count + 1, Content = content, Checksum = partChecksum,
            };
            parts.Add(await repository.UploadPartAsync(request, cancellationToken));
        }

        await upload.CompleteAsync(parts, checksum, cancellationToken);
    }
}
