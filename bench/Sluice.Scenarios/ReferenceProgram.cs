using Sluice.TestKit;

namespace Sluice.Scenarios;

/// <summary><c>bench/Sluice.Reference</c>, built in the same configuration as this program.</summary>
internal static class ReferenceProgram
{
    private const string ReadyLine = "ready on ";

    // artifacts/bin/<project>/<configuration>/
    private static readonly DirectoryInfo Configuration = new(AppContext.BaseDirectory);

    /// <summary>The program.</summary>
    public static string File { get; } = Path.GetFullPath($"../../Sluice.Reference/{Configuration.Name}/Sluice.Reference", Configuration.FullName);

    /// <summary>Starts the echo server and waits until it accepts requests.</summary>
    public static async Task<(ProcessRunner Process, Uri Url)> StartEchoAsync(CancellationToken cancellationToken)
    {
        var process = await ProcessRunner.StartAsync(new(File) { Arguments = ["echo"] }, cancellationToken);
        try
        {
            var line = await process.WaitForLineAsync(
                line => line.StartsWith(ReadyLine, StringComparison.Ordinal), TimeSpan.FromMinutes(1), cancellationToken);
            return (process, new Uri(line[ReadyLine.Length..].TrimEnd()));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
