namespace Sluice.CommandLine;

/// <summary>What commands know of their surroundings; replaced by tests.</summary>
internal sealed class CommandContext
{
    /// <summary>Standard output: what was asked for.</summary>
    public TextWriter Out { get; init; } = Console.Out;

    /// <summary>Standard error: messages, progress.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Whether progress may be drawn on standard error.</summary>
    public bool IsTerminal { get; init; } = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Whether colours may be used on standard error.</summary>
    public bool HasColours => IsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR"));

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>An environment variable; null when it is not set or empty.</summary>
    public Func<string, string?> Variable { get; init; } = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Where a server keeps its data unless told otherwise: <c>SLUICE_DATA</c>, <c>/var/lib/sluice</c> for root, else the user's data directory.</summary>
    public string DefaultData =>
        Variable("SLUICE_DATA")
        ?? (Environment.IsPrivilegedProcess
            ? "/var/lib/sluice"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "sluice"));
}
