using Sluice.Posix;
using Sluice.SimulationTests.Posix;
using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests.Mutations;

/// <summary>A file is said to be watched, and nobody is asked who opens it.</summary>
internal sealed class UnwatchedFiles : Mutation
{
    public override SimulatedGuards Guards(World world, ProcessCalls calls) => new BlindGuards(world, calls);

    private sealed class BlindGuards(World world, ProcessCalls calls) : SimulatedGuards(world, calls)
    {
        public override void Watch(Fd file)
        {
        }
    }
}
