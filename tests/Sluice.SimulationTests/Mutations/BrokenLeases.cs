namespace Sluice.SimulationTests.Mutations;

/// <summary>Whoever asks for a lease gets one, and it keeps nobody off.</summary>
internal sealed class BrokenLeases : Mutation
{
    public override bool AreLeasesKept => false;
}
