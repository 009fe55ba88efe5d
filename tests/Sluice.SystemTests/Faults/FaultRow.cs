using Sluice.TestKit;

namespace Sluice.SystemTests.Faults;

/// <summary>One row of the matrix: what befalls which requests of which task, and what comes of it.</summary>
/// <param name="Task">export, import, release, restore; report for the completion report of an export.</param>
/// <param name="Operation">The S3 operation, with <c>large</c> where only the file in parts is meant.</param>
/// <param name="Fault">From <see cref="FaultKinds"/>.</param>
/// <param name="Times">How often; <see cref="int.MaxValue"/> for ever.</param>
/// <param name="Outcome"><c>recovers</c>; <c>row CODE</c>: files fail with this code; else the task gives up and says this.</param>
internal sealed record FaultRow(string Task, string Operation, string Fault, int Times, string Outcome)
{
    /// <summary>The operation without its addition.</summary>
    public string OperationName => Operation.Split(' ')[0];

    /// <summary>Whether a file in parts is needed.</summary>
    public bool HasLarge => Operation.EndsWith("large", StringComparison.Ordinal)
        || OperationName is "CreateMultipartUpload" or "UploadPart" or "CompleteMultipartUpload" or "AbortMultipartUpload";

    /// <summary>Whether many files are needed: the objects of a few are not listed by a release.</summary>
    public bool HasMany => Task == "release" && OperationName == "ListObjects";

    /// <summary>What the proxy does. Aborts come of parts that are refused.</summary>
    public Func<ProxyRequest, ProxyAction> Rule()
    {
        var rule = FaultKinds.Rule(Fault, Times, IsMeant);
        var isOfAbort = OperationName == "AbortMultipartUpload";
        return request => isOfAbort && request.Operation == "UploadPart" ? ProxyAction.Answer(403, "AccessDenied") : rule(request);
    }

    private bool IsMeant(ProxyRequest request) =>
        request.Operation == OperationName
        && request.Key.StartsWith("reports/", StringComparison.Ordinal) == (Task == "report")
        && (!Operation.EndsWith("large", StringComparison.Ordinal) || request.Key.EndsWith("large", StringComparison.Ordinal));
}
