namespace Sluice.CommandLine;

/// <summary>Exit codes; documented in <c>sluice --help</c> and docs/OPERATIONS.md.</summary>
internal static class ExitCodes
{
    /// <summary>It worked.</summary>
    public const int Success = 0;

    /// <summary>It was done and failed: a task FAILED, a file could not be read.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The server can't be reached, or the data directory not be used.</summary>
    public const int Unavailable = 3;

    /// <summary>The server refused.</summary>
    public const int Refused = 4;

    /// <summary>Canceled.</summary>
    public const int Canceled = 5;
}
