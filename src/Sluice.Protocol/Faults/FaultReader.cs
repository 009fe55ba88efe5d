using System.Text;
using System.Text.Json;

namespace Sluice.Protocol.Faults;

/// <summary>Reads the errors of this service, of AWS, and of whatever stands between as the SDKs do: it never fails.</summary>
public static class FaultReader
{
    private const int MaxMessageLength = 1024;

    /// <summary>Reads an answer whose status is not a success.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="errorType">The value of the <c>x-amzn-ErrorType</c> header, or null.</param>
    /// <param name="body">The bytes received.</param>
    public static WireFault Read(int status, string? errorType, ReadOnlyMemory<byte> body)
    {
        string? code = null, message = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                code = Text(document.RootElement, "__type") ?? Text(document.RootElement, "code");
                message = Text(document.RootElement, "message") ?? Text(document.RootElement, "Message");
            }
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing at all: its beginning is the message.
            message = Encoding.UTF8.GetString(body.Span).Trim();
        }

        code = Bare(code ?? errorType ?? "");
        message = string.IsNullOrEmpty(message) ? $"The server answered with status {status}." : message;
        return new WireFault
        {
            Status = status,
            Code = code.Length > 0 ? code : $"{status}",
            Message = WireText.Cut(message, MaxMessageLength),
            Body = body,
        };
    }

    private static string? Text(JsonElement document, string name)
    {
        if (!document.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }

    // "namespace#Code:http://…" → "Code".
    private static string Bare(string code)
    {
        code = code.Split(':', ',')[0];
        return code[(code.LastIndexOf('#') + 1)..].Trim();
    }
}
