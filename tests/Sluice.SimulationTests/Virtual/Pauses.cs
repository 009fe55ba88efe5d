namespace Sluice.SimulationTests.Virtual;

/// <summary>Time that passes in a process while it waits for something outside.</summary>
internal static class Pauses
{
    /// <summary>Waits for a time by chance, small values as likely as large ones.</summary>
    public static Task PauseAsync(this World world, TimeSpan least, TimeSpan most, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        world.In(TimeSpan.FromTicks(world.Chance.Spread(least.Ticks, most.Ticks)), over.SetResult);
        return over.Task.WaitAsync(cancellationToken);
    }
}
