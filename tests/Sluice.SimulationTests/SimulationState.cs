using Sluice.SimulationTests.Checks;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Storage;

using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>All that outlives a process.</summary>
internal sealed record SimulationState(
    World World, SimulationPlan Plan, IReadOnlyList<SimulatedDisk> Disks, IReadOnlyList<SimulatedBucket> Buckets, CatalogState Catalog, Contract Contract)
{
    /// <summary>Files larger than this are sent in parts.</summary>
    public const int ThresholdBytes = 64;

    /// <summary>Bytes of a part.</summary>
    public const int PartBytes = 32;
}
