using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>What the catalog holds of the counters is added to what the engine has counted.</summary>
internal sealed class CountedTwice : Mutation
{
    public override ICatalog Catalog(World world, CatalogState state, FaultRates rates) => new AddingCatalog(world, state, rates);

    private sealed class AddingCatalog(World world, CatalogState state, FaultRates rates) : SimulatedCatalog(world, state, rates)
    {
        public override Task<TransitionResult?> ApplyAsync(TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken)
        {
            var stored = State.Find(id)?.Progress.GetValueOrDefault() ?? default;
            var added = details.Progress is not { } counted ? details : details with
            {
                Progress = counted with { TotalCount = counted.TotalCount + stored.TotalCount, SucceededCount = counted.SucceededCount + stored.SucceededCount },
            };
            return base.ApplyAsync(id, taskEvent, added, cancellationToken);
        }
    }
}
