using System.Text.Json;

namespace Sluice.SystemTests.Edge;

/// <summary>What every answer of the API has to be: a JSON object with a request id; an error with its code in body and header, one text, and the
/// status that its code has.</summary>
internal static class AnswerRules
{
    private const int MaxMessageLength = 8192;

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="hasBody">False for the answer to HEAD.</param>
    /// <param name="code">The error's code; null when it is a success.</param>
    public static string? Violation(RawAnswer answer, bool hasBody, out string? code)
    {
        code = answer.Head["x-amzn-errortype"];
        if (!Guid.TryParse(answer.Head["x-amzn-requestid"], out _)) return "has no request id";
        if (answer.Head["content-type"] != ApiSigner.ContentType) return $"has the content type '{answer.Head["content-type"]}'";
        if (!hasBody) return answer.Status == StatusOf(code) ? null : "has a status that is not its code's";
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return Violation(answer, document.RootElement, code);
        }
        catch (JsonException)
        {
            return "is not JSON";
        }
    }

    private static string? Violation(RawAnswer answer, JsonElement body, string? code)
    {
        if (body.ValueKind != JsonValueKind.Object) return "is not a JSON object";
        var type = Text(body, "__type");
        if (type != code) return $"has the code '{type}' in its body and '{code}' in its header";
        if (answer.Status != StatusOf(code)) return "has a status that is not its code's";
        if (code is null) return null;
        var (modelled, framework) = (Text(body, "Message"), Text(body, "message"));
        if ((modelled is null) == (framework is null)) return "has not exactly one message";
        return (modelled ?? framework)!.Length is > 0 and <= MaxMessageLength ? null : "has an empty or endless message";
    }

    private static int StatusOf(string? code) => code switch
    {
        null => 200,
        "InternalServerError" => 500,
        "ServiceUnavailable" => 503,
        "RequestEntityTooLargeException" => 413,
        "RequestTimeoutException" => 408,
        _ => 400,
    };

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
