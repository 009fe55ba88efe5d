namespace Sluice.CommandLine;

/// <summary>The user asked for something that can't be: shown without a stack trace, exit code <see cref="ExitCodes.Usage"/>.</summary>
/// <param name="message">Names the input, its value and what was expected.</param>
internal sealed class UsageException(string message) : Exception(message);
