using Sluice.Catalog;
using Sluice.Engine.Scheduling;
using Sluice.Repositories;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>A fault planted around the engine, to see that the checks notice it. One for each simulation. This one plants none.</summary>
internal class Mutation
{
    /// <summary>Plants nothing.</summary>
    public static Mutation None() => new();

    /// <summary>The engine's catalog.</summary>
    public virtual ICatalog Catalog(World world, CatalogState state, FaultRates rates) => new SimulatedCatalog(world, state, rates);

    /// <summary>The catalog of the operations.</summary>
    public virtual ICatalog ClientCatalog(World world, CatalogState state, FaultRates rates) => new SimulatedCatalog(world, state, rates);

    /// <summary>The signals by which the operations reach the engine.</summary>
    public virtual TaskSignals ClientSignals(World world, TaskSignals signals) => signals;

    /// <summary>The guard of the disks.</summary>
    public virtual SimulatedGuards Guards(World world, ProcessCalls calls) => new(world, calls);

    /// <summary>Whether a lease keeps others off, and is refused while they have the file open.</summary>
    public virtual bool AreLeasesKept => true;

    /// <summary>How long, at most, somebody whom the guard has let through to a file may be in coming: a release waits a little longer.</summary>
    public virtual TimeSpan LongestWait => TimeSpan.FromMilliseconds(90);

    /// <summary>A bucket.</summary>
    public virtual IObjectRepository Repository(World world, SimulatedBucket bucket, FaultRates rates, IRequestWatch watch) =>
        new SimulatedRepository(world, bucket, rates, watch);
}
