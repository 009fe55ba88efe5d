using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Output;

/// <summary>Prints answers: JSON in the API's shapes, or text.</summary>
internal static class Printer
{
    private const int Gap = 2;

    // Names stay legible; nobody puts this JSON into HTML.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value as indented JSON.</summary>
    public static void Json<T>(CommandContext context, T value, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented)) JsonSerializer.Serialize(writer, value, type);
        context.Out.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Aligned rows under headings. Of an empty list nothing goes to standard output; standard error says so.</summary>
    public static void Table(CommandContext context, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (rows.Count == 0)
        {
            context.Error.WriteLine("(none)");
            return;
        }

        IReadOnlyList<string>[] lines = [headings, .. rows.Select(row => row.Select(Format.Name).ToList())];
        int[] widths = [.. headings.Select((_, column) => lines.Max(line => line[column].Length) + Gap)];
        foreach (var line in lines) context.Out.WriteLine(string.Concat(line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Names and values, one a line; null values are left out.</summary>
    public static void Details(CommandContext context, params (string Name, string? Value)[] details)
    {
        var width = details.Max(detail => detail.Name.Length) + Gap;
        foreach (var (name, value) in details)
        {
            if (value is not null) context.Out.WriteLine($"{(name + ":").PadRight(width)}{Format.Name(value)}");
        }
    }

    /// <summary>Tags on one line; null when there are none.</summary>
    public static string? Tags(IReadOnlyList<Tag>? tags) => tags is { Count: > 0 } ? string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value}")) : null;
}
