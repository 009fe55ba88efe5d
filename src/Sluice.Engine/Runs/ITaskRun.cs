namespace Sluice.Engine.Runs;

/// <summary>One life of one task.</summary>
internal interface ITaskRun
{
    /// <summary>Processes everything the task asks for. Ends when all is done, or as soon as the last entry in flight is finished after the gate closed.</summary>
    /// <param name="stopping">The host stops: leave everything resumable.</param>
    Task RunAsync(CancellationToken stopping);

    /// <summary>Counts what the task did in an earlier life, touching nothing: it was canceled when its process died.</summary>
    Task RecountAsync(CancellationToken stopping);
}
