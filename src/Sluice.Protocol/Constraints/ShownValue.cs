using System.Text;
using System.Text.Json;

namespace Sluice.Protocol.Constraints;

/// <summary>A value of a request as a message shows it: in single quotes, cut at a length a person still reads.</summary>
internal static class ShownValue
{
    /// <summary>The most characters of a value that are shown.</summary>
    public const int MaxLength = 64;

    public static string Of(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return "null";
        var text = new StringBuilder("'");
        Append(text, value);
        return text.Append('\'').ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(WireText.Cut(value.GetString()!, MaxLength));
                break;
            case JsonValueKind.Array:
                AppendList(text, value);
                break;
            case JsonValueKind.Object:
                text.Append("{...}");
                break;
            default:
                text.Append(WireText.Cut(value.GetRawText(), MaxLength));
                break;
        }
    }

    private static void AppendList(StringBuilder text, JsonElement list)
    {
        text.Append('[');
        var start = text.Length;
        foreach (var element in list.EnumerateArray())
        {
            if (text.Length > start)
                text.Append(", ");
            if (text.Length - start >= MaxLength)
            {
                text.Append("...");
                break;
            }

            Append(text, element);
        }

        text.Append(']');
    }
}
