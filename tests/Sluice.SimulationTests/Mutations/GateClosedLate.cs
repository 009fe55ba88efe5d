using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;
using Sluice.Engine.Scheduling;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>The cancel is committed and answered, and the gate closes a while after.</summary>
internal sealed class GateClosedLate : Mutation
{
    private TaskSignals? _signals;

    /// <summary>Others than the engine's: closing a gate by them closes none.</summary>
    public override TaskSignals ClientSignals(World world, TaskSignals signals)
    {
        _signals = signals;
        return new TaskSignals();
    }

    public override ICatalog ClientCatalog(World world, CatalogState state, FaultRates rates) => new ClosingCatalog(this, world, state, rates);

    private sealed class ClosingCatalog(GateClosedLate mutation, World world, CatalogState state, FaultRates rates) : SimulatedCatalog(world, state, rates)
    {
        public override async Task<TransitionResult?> ApplyAsync(TaskId id, TaskEvent taskEvent, TransitionDetails details, CancellationToken cancellationToken)
        {
            var result = await base.ApplyAsync(id, taskEvent, details, cancellationToken);
            _ = CloseLaterAsync(id);
            return result;
        }

        private async Task CloseLaterAsync(TaskId id)
        {
            await World.PauseAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), CancellationToken.None);
            mutation._signals!.CloseGate(id);
        }
    }
}
