using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>A put is reported as done when it is sent: the ledger says so before there is an object.</summary>
internal sealed class RecordedBeforeObject : Mutation
{
    public override IObjectRepository Repository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) =>
        new HastyRepository(world, bucket, rates, watch);

    private sealed class HastyRepository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) : SimulatedRepository(world, bucket, rates, watch)
    {
        public override Task<PutResult> PutAsync(PutRequest request, StartPermit permit, CancellationToken cancellationToken)
        {
            _ = base.PutAsync(request, permit, CancellationToken.None);
            return Task.FromResult(new PutResult(ContentMd5.ETag(request.Content.Span), null));
        }
    }
}
