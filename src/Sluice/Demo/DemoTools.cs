using System.Diagnostics;

namespace Sluice.CommandLine.Demo;

/// <summary>Runs the system's own tools, which know nothing of Sluice. Never this process: what reads a released file must not be what restores it.</summary>
internal static class DemoTools
{
    /// <summary>Runs a shell script, with <paramref name="argument"/> as <c>$1</c>; what it prints goes nowhere.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string script, string argument, string workingDirectory, CancellationToken cancellationToken) =>
        (await StartAsync(script, argument, workingDirectory, cancellationToken)).Code;

    /// <summary>Runs a shell script that has to succeed.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> AskAsync(string script, string workingDirectory, CancellationToken cancellationToken)
    {
        var (code, output) = await StartAsync(script, "", workingDirectory, cancellationToken);
        return code == 0 ? output : throw new IOException($"'{script}' ended with {code}.");
    }

    private static async Task<(int Code, string Output)> StartAsync(string script, string argument, string workingDirectory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", argument])
        {
            WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start) ?? throw new IOException("/bin/sh can't be started.");
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await Task.WhenAll(output, errors);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
