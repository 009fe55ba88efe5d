namespace Sluice.TestKit;

/// <summary>How a program ended and what it said.</summary>
/// <param name="ExitCode">Its exit code; 128 + the signal when one killed it.</param>
/// <param name="Output">Standard output, lines ending in <c>\n</c>.</param>
/// <param name="Error">Standard error, lines ending in <c>\n</c>.</param>
public sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>This, when the program ended well; else an exception with all it said.</summary>
    public ProcessResult EnsureSuccess() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"The program ended with {ExitCode}.\n{Error}{Output}");
}
