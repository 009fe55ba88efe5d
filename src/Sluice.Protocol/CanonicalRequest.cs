using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Json;
using Sluice.Protocol.Operations;

namespace Sluice.Protocol;

/// <summary>
/// The text two requests with the same ClientRequestToken are compared by: JSON of the known members but the token
/// itself, members sorted, nulls dropped, numbers floored. Equal texts mean the same request.
/// </summary>
public static class CanonicalRequest
{
    private const string TokenMember = "ClientRequestToken";

    /// <summary>The canonical text of a request.</summary>
    /// <param name="operation">An operation in scope.</param>
    /// <param name="request">Its input, already validated.</param>
    public static string Of(OperationInfo operation, JsonElement request)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var shape = operation.Input ?? throw new ArgumentException($"{operation.Name} is not in scope.", nameof(operation));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            WriteMembers(writer, shape.Members.Where(static member => member.Name != TokenMember), request);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The first member (PascalCase, in alphabetical order) in which two requests differ; null when they are the same.</summary>
    /// <param name="known">Canonical text of the earlier request.</param>
    /// <param name="given">Canonical text of this one.</param>
    public static string? FirstDifference(string known, string given)
    {
        if (string.Equals(known, given, StringComparison.Ordinal))
            return null;
        using var earlier = JsonDocument.Parse(known);
        using var later = JsonDocument.Parse(given);
        return Names(earlier).Union(Names(later), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(name => Text(earlier, name) != Text(later, name));
    }

    private static IEnumerable<string> Names(JsonDocument request) =>
        request.RootElement.EnumerateObject().Select(static member => member.Name);

    private static string? Text(JsonDocument request, string name) =>
        request.RootElement.TryGetProperty(name, out var value) ? value.GetRawText() : null;

    private static void WriteMembers(Utf8JsonWriter writer, IEnumerable<MemberShape> members, JsonElement value)
    {
        writer.WriteStartObject();
        foreach (var member in members.OrderBy(static member => member.Name, StringComparer.Ordinal))
        {
            if (!value.TryGetProperty(member.Name, out var found) || found.ValueKind == JsonValueKind.Null)
                continue;
            writer.WritePropertyName(member.Name);
            Write(writer, member.Shape, found);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Shape shape, JsonElement value)
    {
        switch (shape)
        {
            case StructureShape structure:
                WriteMembers(writer, structure.Members, value);
                break;
            case ListShape list:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(writer, list.Element, element);
                writer.WriteEndArray();
                break;
            case IntegerShape:
                writer.WriteNumberValue(FlooredNumber.Read(value));
                break;
            case StringShape:
                writer.WriteStringValue(value.GetString());
                break;
            default:
                writer.WriteBooleanValue(value.GetBoolean());
                break;
        }
    }
}
