using System.Globalization;
using System.Text.Json;

namespace Sluice.CommandLine.Configuration;

/// <summary>On which line of a JSON text each key stands, so that a value that parses and is wrong can be pointed at.</summary>
internal sealed class KeyLines
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>Reads a text that is known to be JSON.</summary>
    public static KeyLines Read(ReadOnlySpan<byte> json)
    {
        var lines = new KeyLines();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (reader.Read()) lines.ReadValue(ref reader, json, "");
        return lines;
    }

    /// <summary>The line, counted from 1, of a key like <c>buckets[0].s3.url</c>; of the nearest key above it where it is absent.</summary>
    public int Of(string key)
    {
        for (var path = key; path.Length > 0; path = Parent(path))
        {
            if (_lines.TryGetValue(path, out var line)) return line;
        }

        return 1;
    }

    private static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];

    private void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string path)
    {
        // A property's line is that of its name; an item has only its value.
        _lines.TryAdd(path, LineOf(json, reader.TokenStartIndex));
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var member = path.Length == 0 ? reader.GetString()! : $"{path}.{reader.GetString()}";
                _lines.TryAdd(member, LineOf(json, reader.TokenStartIndex));
                reader.Read();
                ReadValue(ref reader, json, member);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                ReadValue(ref reader, json, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"));
        }
    }

    private static int LineOf(ReadOnlySpan<byte> json, long offset) => json[..(int)offset].Count((byte)'\n') + 1;
}
