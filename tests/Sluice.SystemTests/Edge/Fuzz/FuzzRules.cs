using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>What may be answered to a request.</summary>
internal static class FuzzRules
{
    /// <summary>Answered to a browser that asks before it sends: 200 and no body.</summary>
    public const string Preflight = "preflight";

    private const int HttpVersionNotSupported = 505;

    // What precedes every operation.
    private static readonly string[] Framework = ["SerializationException", "BadRequest"];

    /// <summary>What is wrong with an answer, or with its absence; null when nothing is.</summary>
    public static string? Violation(FuzzCase sent, RawAnswer? answer)
    {
        if (answer is null) return sent.MayBreak ? null : "the connection ended without an answer";
        if (sent.MayBreak && answer.Head["x-amzn-requestid"] is null)
            return answer is { Status: (>= 400 and < 500) or HttpVersionNotSupported, Body.Length: 0 } ? null : "no answer of the API, and not of HTTP either";
        if (sent.Code == Preflight) return answer is { Status: 200, Body.Length: 0 } ? null : "not the answer to a preflight";
        if (AnswerRules.Violation(answer, sent.Method != "HEAD", out var code) is { } violation) return $"the answer {violation}";
        if (answer.Status >= 500) return "a fault of the server";
        if (sent.Code is not null && code != sent.Code) return $"the code is '{code}' and should be '{sent.Code}'";
        return sent.Operation is not { } operation || code is null || IsOf(operation, code) ? null : $"the operation has no error '{code}'";
    }

    private static bool IsOf(OperationInfo operation, string code) =>
        code != "InternalServerError" && (operation.Errors.Contains(code, StringComparer.Ordinal) || Framework.Contains(code, StringComparer.Ordinal));
}
