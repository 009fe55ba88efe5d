using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Protocol.Shapes;
using Spectre.Console;

namespace Sluice.CommandLine.Output;

/// <summary>Prints answers: JSON in the API's shapes, or text.</summary>
internal static class Printer
{
    /// <summary>A value as indented JSON.</summary>
    public static void Json<T>(CommandContext context, T value, JsonTypeInfo<T> type)
    {
        var element = JsonSerializer.SerializeToElement(value, type);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true })) element.WriteTo(writer);
        context.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>Rows under headings; nothing but the headings' absence tells of an empty list, so say so on standard error.</summary>
    public static void Table(CommandContext context, string[] headings, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            context.Error.WriteLine("(none)");
            return;
        }

        var table = new Table().NoBorder();
        foreach (var heading in headings) table.AddColumn(new TableColumn(Markup.Escape(heading)).NoWrap());
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell)).ToArray<Spectre.Console.Rendering.IRenderable>());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out), Ansi = AnsiSupport.No });
        console.Profile.Width = 400;
        console.Write(table);
    }

    /// <summary>Names and values, one a line; null values are left out.</summary>
    public static void Details(CommandContext context, params (string Name, string? Value)[] details)
    {
        var width = details.Max(detail => detail.Name.Length) + 2;
        foreach (var (name, value) in details.Where(detail => detail.Value is not null))
            context.Out.WriteLine($"{(name + ":").PadRight(width)}{value}");
    }

    /// <summary>Tags on one line; null when there are none.</summary>
    public static string? Tags(IReadOnlyList<Tag>? tags) => tags is { Count: > 0 } ? string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value}")) : null;
}
