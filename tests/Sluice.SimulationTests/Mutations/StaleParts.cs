using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Repositories;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>An upload is resumed although its file has changed since, and what has arrived of it is taken for good.</summary>
internal sealed class StaleParts : Mutation
{
    public override ICatalog Catalog(World world, CatalogState state, FaultRates rates) => new TrustingCatalog(world, state, rates);

    public override IObjectRepository Repository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) =>
        new TrustingRepository(world, bucket, rates, watch);

    /// <summary>Every upload was begun after every change.</summary>
    private sealed class TrustingCatalog(World world, CatalogState state, FaultRates rates) : SimulatedCatalog(world, state, rates)
    {
        public override async Task<IReadOnlyList<JournaledUpload>> ListUploadsAsync(TaskId? taskId, CancellationToken cancellationToken)
        {
            var uploads = await base.ListUploadsAsync(taskId, cancellationToken);
            return taskId is null ? uploads : [.. uploads.Select(upload => upload with { Intent = upload.Intent with { Time = upload.Intent.Time.AddHours(1) } })];
        }
    }

    /// <summary>A part that is there already is not sent, and nobody compares the whole.</summary>
    private sealed class TrustingRepository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) : SimulatedRepository(world, bucket, rates, watch)
    {
        public override async Task<UploadedPart> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken) =>
            Content.Parts(request.Upload.UploadId).FirstOrDefault(part => part.PartNumber == request.PartNumber) ?? await base.UploadPartAsync(request, cancellationToken);

        public override Task<PutResult> CompleteUploadAsync(
            MultipartUpload upload, IReadOnlyList<UploadedPart> parts, ulong checksum, CancellationToken cancellationToken) =>
            RequestAsync("complete", upload.Key, null, () => Content.Complete(upload.UploadId, upload.Key, parts, checksum: null), cancellationToken, isWrite: true);
    }
}
