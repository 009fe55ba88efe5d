using System.Collections.Concurrent;
using Sluice.Catalog;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>The uploads an earlier life of the task left in the journal, until a file takes its own up again. What nobody takes is aborted
/// at the end of the task.</summary>
internal sealed class ResumableUploads(UploadJournal journal, IEnumerable<JournaledUpload> leftovers)
{
    private readonly ConcurrentDictionary<(string Bucket, string Key), JournaledUpload> _leftovers = new(
        leftovers.Where(upload => upload.UploadId is not null)
            .GroupBy(upload => (upload.Intent.Bucket, upload.Intent.Key))
            .Select(group => KeyValuePair.Create(group.Key, group.First())));

    /// <summary>The upload left for this key, with the parts that arrived; null when there is none or the repository has forgotten it.
    /// Its metadata is what it was created with, so it only serves a file whose metadata can't have changed since: the caller's check
    /// of the times before completing, and the ledger afterwards, see to the content.</summary>
    public async Task<ActiveUpload?> TakeAsync(
        FileTransfer transfer, Dictionary<int, UploadedPart> arrived, CancellationToken cancellationToken)
    {
        if (!_leftovers.TryRemove((transfer.Repository.Bucket, transfer.Key), out var journaled)) return null;
        var upload = journal.Resume(transfer.Repository, journaled);

        // The object would get the metadata the upload was created with: only right for a file untouched since. A change may bear the time of the tick before.
        if (transfer.Status.CtimeNs + (2 * FileSystemCalls.ClockGranularityNs()) < ObjectTimes.Ns(journaled.Intent.Time))
        {
            await foreach (var part in transfer.Repository.ListPartsAsync(upload.Upload, cancellationToken)) arrived[part.PartNumber] = part;

            // What has been changed since it was looked at begins anew, if it still may: nothing of it is under way.
            if (arrived.Count > 0 && transfer.IsUntouched && transfer.Permit.TryBegin())
            {
                transfer.Permit.Begun();
                return upload;
            }
        }

        arrived.Clear();
        await upload.DisposeAsync();
        return null;
    }
}
