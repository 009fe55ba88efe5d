using Sluice.Repositories;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>An abort is reported as done, and never sent.</summary>
internal sealed class OrphanedUploads : Mutation
{
    public override IObjectRepository Repository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) =>
        new ForgettingRepository(world, bucket, rates, watch);

    private sealed class ForgettingRepository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) : SimulatedRepository(world, bucket, rates, watch)
    {
        public override Task AbortUploadAsync(MultipartUpload upload, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
