namespace Sluice.TestKit;

/// <summary>How often <see cref="ProxyFaults"/> does what; each a share of the requests from 0 to 1, together at most 1.</summary>
public sealed record ProxyFaultRates
{
    /// <summary>500 InternalError.</summary>
    public double ServerError { get; init; } = 0.02;

    /// <summary>503 SlowDown.</summary>
    public double SlowDown { get; init; } = 0.02;

    /// <summary>The connection is cut before the server sees the request.</summary>
    public double CutBeforeForward { get; init; } = 0.01;

    /// <summary>The connection is cut when the server has done it.</summary>
    public double CutAfterForward { get; init; } = 0.01;

    /// <summary>Half an answer.</summary>
    public double TruncateAnswer { get; init; } = 0.01;

    /// <summary>The request waits up to <see cref="LongestDelay"/>.</summary>
    public double Delay { get; init; } = 0.1;

    /// <summary>Longest wait.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>So many faults hit the same request at most, so that one that is retried more often gets through.</summary>
    public int MostPerRequest { get; init; } = 2;
}
