using System.Collections.Concurrent;
using System.Threading.Channels;
using Sluice.Core.Ids;
using Sluice.Core.Tasks;

namespace Sluice.Engine.Scheduling;

/// <summary>Hints from the operations to the scheduler, and the gates of running tasks. The catalog stays the truth: a lost hint costs
/// time, except that <see cref="CloseGate"/> belongs to every cancel between its commit and its answer.</summary>
public sealed class TaskSignals
{
    private readonly ConcurrentDictionary<TaskId, StartGate> _gates = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something in the catalog changed that the scheduler wants to know.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Closes the gate of a task whose CANCELING is committed. When this returns, no file of the task begins any more.
    /// A task without a gate here has not begun, and won't: the scheduler reads the lifecycle after it has made the gate.</summary>
    public void CloseGate(TaskId taskId)
    {
        if (_gates.TryGetValue(taskId, out var gate)) gate.Close();
        Wake();
    }

    internal StartGate OpenGate(TaskId taskId) => _gates.GetOrAdd(taskId, static _ => new StartGate());

    internal void RemoveGate(TaskId taskId)
    {
        if (_gates.TryRemove(taskId, out var gate)) gate.Dispose();
    }

    /// <summary>Waits for a hint, at most <paramref name="limit"/>.</summary>
    internal async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var expired = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }
}
