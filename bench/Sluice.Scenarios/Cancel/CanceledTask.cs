namespace Sluice.Scenarios.Cancel;

/// <summary>The cancel of one running export, as client and proxy saw it.</summary>
/// <param name="Answer">From sending the request to its answer.</param>
/// <param name="QueuedAnswer">The same for a task that waited behind it.</param>
/// <param name="StartsAfter">Objects begun after the answer.</param>
/// <param name="LastStart">From the last object's first byte, as the proxy read it, to the answer; negative: it was read after the answer.</param>
/// <param name="End">From the answer to the last object, or to the cancel where none was under way any more, to CANCELED as a client that asks all the time sees it.</param>
/// <param name="InFlight">Objects under way when the cancel was answered.</param>
/// <param name="Found">Files the task had found by then.</param>
internal sealed record CanceledTask(TimeSpan Answer, TimeSpan QueuedAnswer, int StartsAfter, TimeSpan LastStart, TimeSpan End, int InFlight, long Found);
