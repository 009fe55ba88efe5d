using Sluice.TestKit;

namespace Sluice.Scenarios.References;

/// <summary><c>cp -a</c> of a tree to another directory of the same disk.</summary>
internal static class CopyTree
{
    /// <summary>Its name in the tables.</summary>
    public const string Name = "cp -a to the same disk";

    /// <summary>Runs it, and removes the copy.</summary>
    public static async Task<Measurement> RunAsync(string source, CancellationToken cancellationToken)
    {
        await using var beside = TempDirectory.Create();
        return await MeasuredProcess.RunAsync(new("cp") { Arguments = ["-a", source, beside["copy"]] }, cancellationToken);
    }
}
