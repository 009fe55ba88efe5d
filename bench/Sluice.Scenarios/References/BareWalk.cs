namespace Sluice.Scenarios.References;

/// <summary>A walk from C that looks at every entry as an export has to that finds nothing to do: its status and one attribute.</summary>
internal static class BareWalk
{
    /// <summary>Its name in the tables.</summary>
    public const string Name = "statx and getxattr of each entry, C, one thread";

    /// <summary>Runs it.</summary>
    public static Task<Measurement> RunAsync(string tree, CancellationToken cancellationToken) => NativeReference.MeasureAsync(cancellationToken, "look", tree);
}
