namespace Sluice.SimulationTests.Mutations;

/// <summary>Whom the guard has let through to a file comes after longer than a release waits for that.</summary>
internal sealed class LateCuts : Mutation
{
    public override TimeSpan LongestWait => TimeSpan.FromSeconds(20);
}
