namespace Sluice.Scenarios;

/// <summary>What one run of one program cost.</summary>
/// <param name="Wall">From start to exit.</param>
/// <param name="Cpu">User and system time of the program and what it started.</param>
/// <param name="PeakBytes">Greatest resident memory.</param>
internal sealed record Measurement(TimeSpan Wall, TimeSpan Cpu, long PeakBytes)
{
    /// <summary>What this and then another cost.</summary>
    public Measurement Then(Measurement next) => new(Wall + next.Wall, Cpu + next.Cpu, Math.Max(PeakBytes, next.PeakBytes));
}
