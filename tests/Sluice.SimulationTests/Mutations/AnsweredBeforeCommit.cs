using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>The cancel is answered with what will be committed, before it is.</summary>
internal sealed class AnsweredBeforeCommit : Mutation
{
    public override ICatalog ClientCatalog(World world, CatalogState state, FaultRates rates) => new HastyCatalog(world, state, rates);

    private sealed class HastyCatalog(World world, CatalogState state, FaultRates rates) : SimulatedCatalog(world, state, rates)
    {
        public override Task<TransitionResult?> ApplyAsync(TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken)
        {
            var before = State.Find(id)!.Lifecycle;
            _ = base.ApplyAsync(id, taskEvent, details, cancellationToken);
            return Task.FromResult<TransitionResult?>(new TransitionResult(before, TaskTransitions.Next(before, taskEvent)));
        }
    }
}
