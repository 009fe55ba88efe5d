using System.Text.Json;
using System.Text.Unicode;
using Sluice.Protocol.Faults;

namespace Sluice.Protocol.Constraints;

/// <summary>
/// The body of a request as JSON. What comes back is one object without duplicate members, at most
/// <see cref="MaxDepth"/> levels deep, in which every text can be read; anything else is a <c>SerializationException</c>.
/// </summary>
public static class RequestDocument
{
    /// <summary>The deepest nesting read; the deepest request of the model has 5 levels.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a body. The caller disposes the document.</summary>
    /// <param name="body">The bytes as received; the document refers to them.</param>
    /// <exception cref="FrameworkFault">The body is not what the type's summary says.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
            throw FrameworkFault.Serialization("The body is not valid UTF-8.");
        JsonDocument document;
        try
        {
            ReadEveryText(body.Span);
            document = JsonDocument.Parse(body, DocumentOptions);
        }
        catch (JsonException e)
        {
            throw FrameworkFault.Serialization($"The body is not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw FrameworkFault.Serialization("A text in the body has half of a surrogate pair.");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw FrameworkFault.Serialization("The body is not a JSON object.");
    }

    // The parser accepts "\ud800" and only complains when the text is read, which may be far from here.
    private static void ReadEveryText(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                _ = reader.GetString();
        }
    }
}
