using CsCheck;
using Sluice.Core.Tasks;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class TaskTransitionsTests
{
    private static readonly TaskLifecycle[] States = Enum.GetValues<TaskLifecycle>();
    private static readonly TaskEvent[] Events = Enum.GetValues<TaskEvent>();

    /// <summary>Every edge there is (fsx API: CancelDataRepositoryTask, DataRepositoryTaskLifecycle).</summary>
    private static readonly HashSet<(TaskLifecycle Before, TaskEvent Event, TaskLifecycle After)> Documented =
    [
        (TaskLifecycle.Pending, TaskEvent.Start, TaskLifecycle.Executing),
        (TaskLifecycle.Pending, TaskEvent.Cancel, TaskLifecycle.Canceling),
        (TaskLifecycle.Executing, TaskEvent.Succeed, TaskLifecycle.Succeeded),
        (TaskLifecycle.Executing, TaskEvent.Fail, TaskLifecycle.Failed),
        (TaskLifecycle.Executing, TaskEvent.Cancel, TaskLifecycle.Canceling),
        (TaskLifecycle.Canceling, TaskEvent.Cancel, TaskLifecycle.Canceling),
        (TaskLifecycle.Canceling, TaskEvent.Drain, TaskLifecycle.Canceled),
    ];

    public static MatrixTheoryData<TaskLifecycle, TaskEvent> StatesAndEvents { get; } = new(States, Events);

    [Theory]
    [MemberData(nameof(StatesAndEvents))]
    public void Every_pair_has_the_documented_answer(TaskLifecycle state, TaskEvent taskEvent)
    {
        var edge = Documented.Where(edge => edge.Before == state && edge.Event == taskEvent).Select(edge => (TaskLifecycle?)edge.After);

        Assert.Equal(edge.SingleOrDefault(), TaskTransitions.Next(state, taskEvent));
    }

    [Theory]
    [InlineData(TaskLifecycle.Pending, false)]
    [InlineData(TaskLifecycle.Executing, false)]
    [InlineData(TaskLifecycle.Canceling, false)]
    [InlineData(TaskLifecycle.Canceled, true)]
    [InlineData(TaskLifecycle.Succeeded, true)]
    [InlineData(TaskLifecycle.Failed, true)]
    public void A_state_has_ended_exactly_when_nothing_follows(TaskLifecycle state, bool ended)
    {
        Assert.Equal(ended, state.IsEnded());
        Assert.Equal(ended, Events.All(taskEvent => TaskTransitions.Next(state, taskEvent) is null));
    }

    [Fact]
    public void From_every_state_an_end_can_be_reached()
    {
        foreach (var state in States) Assert.Contains(Reachable(state), reached => reached.IsEnded());
    }

    [Fact]
    public void No_state_comes_back_once_it_was_left()
    {
        foreach (var state in States)
        {
            var next = Events.Select(taskEvent => TaskTransitions.Next(state, taskEvent)).OfType<TaskLifecycle>().Where(after => after != state);
            Assert.All(next, after => Assert.DoesNotContain(state, Reachable(after)));
        }
    }

    [Fact]
    public void Canceling_ends_only_in_canceled() =>
        Assert.Equal([TaskLifecycle.Canceling, TaskLifecycle.Canceled], Reachable(TaskLifecycle.Canceling));

    [Fact]
    public void Whatever_happens_an_accepted_cancel_decides_the_end_and_an_end_stays() =>
        Gen.Enum<TaskEvent>().Array[0, 20].Sample(events =>
        {
            var state = TaskLifecycle.Pending;
            var canceled = false;
            foreach (var taskEvent in events)
            {
                var next = TaskTransitions.Next(state, taskEvent);
                if (state.IsEnded() && next is not null) return false;
                canceled |= taskEvent == TaskEvent.Cancel && next is not null;
                state = next ?? state;
                if (canceled != (state is TaskLifecycle.Canceling or TaskLifecycle.Canceled)) return false;
            }

            return true;
        });

    private static HashSet<TaskLifecycle> Reachable(TaskLifecycle from)
    {
        var reached = new HashSet<TaskLifecycle> { from };
        var open = new Queue<TaskLifecycle>(reached);
        while (open.TryDequeue(out var state))
        {
            foreach (var next in Events.Select(taskEvent => TaskTransitions.Next(state, taskEvent)).OfType<TaskLifecycle>())
            {
                if (reached.Add(next)) open.Enqueue(next);
            }
        }

        return reached;
    }
}
