using Sluice.Core.Tasks;
using Sluice.Engine.Runs;

namespace Sluice.Engine.Movers;

/// <summary>Does a task's work on one entry. An entry that fails is a result, never an exception. What does leave as an exception:
/// <see cref="StartRefusedException"/> (canceled before its first side effect) and <see cref="OperationCanceledException"/> (the host stops).</summary>
internal interface IMover<in TEntry>
    where TEntry : IWorkEntry
{
    /// <summary>Works on <paramref name="entry"/> under <paramref name="permit"/>: the first side effect is made between
    /// <see cref="StartPermit.TryBegin"/> and <see cref="StartPermit.Begun"/>.</summary>
    Task<MoveResult> MoveAsync(TEntry entry, StartPermit permit, CancellationToken cancellationToken);
}
