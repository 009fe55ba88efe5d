namespace Sluice.SystemTests.Crash;

/// <summary>When a process dies: at a passing of a crash point.</summary>
/// <param name="Point">The point's name, as <c>repository.put:before</c>.</param>
/// <param name="Passing">Which of its passings, from 1.</param>
internal readonly record struct CrashMoment(string Point, int Passing)
{
    public override string ToString() => $"{Point}#{Passing}";
}
