namespace Sluice.CommandLine;

/// <summary>Exit codes; documented in <c>sluice --help</c>.</summary>
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

    /// <summary>The task was canceled.</summary>
    public const int Canceled = 5;

    /// <summary>The command was stopped by a signal before its work came to an end: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>What <c>sluice --help</c> says of them.</summary>
    public const string Help =
        """
          0    success
          1    the work was done and failed: a task FAILED, files failed, a file could not be looked at
          2    the command line or the configuration is wrong
          3    the server can't be reached, or an address or directory not be used
          4    the server refused the request
          5    the task was canceled
          130  stopped by Ctrl-C or SIGTERM before the end
        """;
}
