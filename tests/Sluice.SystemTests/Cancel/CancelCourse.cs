using Sluice.Protocol.Shapes;

namespace Sluice.SystemTests.Cancel;

/// <summary>A task that is canceled, from its creation to its end, as its client sees it.</summary>
internal sealed record CancelCourse
{
    private const string Refused = "DataRepositoryTaskEnded";

    /// <summary>Lifecycle the cancel answered, or the code of its refusal.</summary>
    public required string Answer { get; init; }

    /// <summary>The same of a second cancel, right after.</summary>
    public required string SecondAnswer { get; init; }

    /// <summary>The same of a third, when the task had ended.</summary>
    public required string LateAnswer { get; init; }

    /// <summary>Lifecycle described right after the answer.</summary>
    public required string Described { get; init; }

    /// <summary>The task when it had ended.</summary>
    public required DataRepositoryTask Ended { get; init; }

    /// <summary>Whether the cancel came in time.</summary>
    public bool IsCanceled => Answer == "CANCELING";

    /// <summary>Waits for the moment, cancels, lets go what was held, and waits for the end.</summary>
    /// <param name="client">Who does it.</param>
    /// <param name="taskId">The task, which was just created.</param>
    /// <param name="trigger">The moment.</param>
    /// <param name="onAnswer">Called right after the answer.</param>
    /// <param name="onEnd">Called right after the end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<CancelCourse> RunAsync(
        TaskClient client, string taskId, CancelTrigger trigger, Action onAnswer, Action onEnd, CancellationToken cancellationToken)
    {
        await trigger.WaitAsync(() => client.EndAsync(taskId, cancellationToken), cancellationToken);
        var answer = await client.CancelAsync(taskId, cancellationToken);
        onAnswer();
        var described = (await client.DescribeAsync(taskId, cancellationToken)).Lifecycle!;
        var second = await client.CancelAsync(taskId, cancellationToken);
        trigger.Release();
        var ended = await client.EndAsync(taskId, cancellationToken);
        onEnd();
        return new CancelCourse
        {
            Answer = answer,
            SecondAnswer = second,
            LateAnswer = await client.CancelAsync(taskId, cancellationToken),
            Described = described,
            Ended = ended,
        };
    }

    /// <summary>What of the contract the client alone can see: C1, C2, and C6 and C8 as far as it is about lifecycles.</summary>
    /// <param name="mustFail">Whether entries had to fail.</param>
    public IEnumerable<string> Violations(bool mustFail)
    {
        if (Answer is not ("CANCELING" or Refused)) yield return $"C1: the cancel answered {Answer}";
        if (IsCanceled && SecondAnswer is not ("CANCELING" or Refused)) yield return $"C1: the second cancel answered {SecondAnswer}";
        if (LateAnswer != Refused) yield return $"C1: a cancel of the ended task answered {LateAnswer}";
        if (IsCanceled && Described is not ("CANCELING" or "CANCELED")) yield return $"C2: described as {Described} after the answer";

        var end = IsCanceled ? "CANCELED" : mustFail ? "FAILED" : "SUCCEEDED";
        if (Ended.Lifecycle != end) yield return $"C6/C8: the cancel answered {Answer}, the task ended {Ended.Lifecycle} ({Ended.FailureDetails?.Message})";
        if (Ended.EndTime is null) yield return "C6: no EndTime";
    }
}
