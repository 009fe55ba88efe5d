using Sluice.TestKit;

namespace Sluice.SystemTests.Faults;

/// <summary>What may befall a request, by name, and what kind of trouble it is to the engine.</summary>
internal static class FaultKinds
{
    /// <summary>No matter how often: nothing is wrong at the end.</summary>
    public static readonly string[] Harmless = ["delayed", "reordered", "duplicated"];

    /// <summary>The endpoint does not answer, or not so that one could believe it.</summary>
    public static readonly string[] Unavailable =
        ["cut before", "cut after", "truncated", "hung", "500 InternalError", "503 ServiceUnavailable", "409 OperationAborted", "400 RequestTimeout"];

    /// <summary>It asks for less.</summary>
    public static readonly string[] Throttled = ["503 SlowDown", "429 TooManyRequests"];

    /// <summary>It does not accept the caller any more: whatever is asked from the first such request on.</summary>
    public static readonly string[] Credentials = ["400 ExpiredToken", "403 InvalidAccessKeyId", "403 RequestTimeTooSkewed"];

    /// <summary>The one that is asked about nothing else any more.</summary>
    public const string NoBucket = "404 NoSuchBucket";

    private static readonly Dictionary<string, ProxyAction> Actions = new()
    {
        ["delayed"] = ProxyAction.Delay(20),
        ["duplicated"] = ProxyAction.Duplicate,
        ["cut before"] = ProxyAction.CutBeforeForward,
        ["cut after"] = ProxyAction.CutAfterForward,
        ["truncated"] = ProxyAction.TruncateAnswer,
        ["hung"] = ProxyAction.Hang,
        ["corrupted"] = ProxyAction.CorruptRequest,
        ["corrupted answer"] = ProxyAction.CorruptAnswer,
    };

    /// <summary>A rule that does it to the first <paramref name="times"/> requests that match.</summary>
    public static Func<ProxyRequest, ProxyAction> Rule(string fault, int times, Func<ProxyRequest, bool> match)
    {
        var isForAll = times == int.MaxValue && (Credentials.Contains(fault) || fault == NoBucket);
        var seen = 0;
        return request =>
        {
            if (!match(request) && !(isForAll && seen > 0)) return ProxyAction.Forward;
            return seen++ < times ? Action(fault, seen) : ProxyAction.Forward;
        };
    }

    /// <param name="fault">Its name, or status and code of the answer.</param>
    /// <param name="number">The how manieth it is, from 1.</param>
    private static ProxyAction Action(string fault, int number)
    {
        if (fault == "reordered") return number % 2 == 1 ? ProxyAction.Delay(40) : ProxyAction.Forward;
        if (Actions.TryGetValue(fault, out var action)) return action;
        var words = fault.Split(' ');
        return ProxyAction.Answer(int.Parse(words[0]), words[1]);
    }
}
