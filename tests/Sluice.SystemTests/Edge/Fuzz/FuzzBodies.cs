using System.Globalization;
using System.Text;
using Sluice.Protocol.Constraints;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>Spoils inputs in one way each: in the values (nearly valid), or in the text (hostile).</summary>
internal static class FuzzBodies
{
    private const string NotJson = "SerializationException";
    private const string Refused = "BadRequest";

    private delegate FuzzBody? Spoiler(FuzzNode root, Random random);

    private static readonly (string Kind, int Weight, Spoiler Spoil)[] Spoilers =
    [
        ("wrong type", 8, WrongType),
        ("missing member", 8, Missing),
        ("null element", 3, NullElement),
        ("too long or short", 8, Length),
        ("pattern", 8, Pattern),
        ("enum", 5, Enum),
        ("number out of range", 8, Range),
        ("number spelled oddly", 5, OddNumber),
        ("list too long", 3, LongList),
        ("duplicate member", 6, Duplicate),
        ("unknown member", 6, Unknown),
        ("another case", 4, OtherCase),
        ("escapes and NUL", 5, Escapes),
        ("invalid UTF-8", 6, InvalidUtf8),
        ("lone surrogate", 6, LoneSurrogate),
        ("control character", 3, Control),
        ("cut off", 6, CutOff),
        ("something after the end", 5, Trailing),
        ("comment, comma or byte order mark", 4, NotQuiteJson),
        ("no object", 5, NoObject),
        ("flipped bits", 8, Flipped),
        ("deep", 5, Deep),
        ("huge text", 1, HugeText),
        ("huge number", 1, HugeNumber),
        ("many members", 1, ManyMembers),
    ];

    private static readonly int AllWeights = Spoilers.Sum(spoiler => spoiler.Weight);

    /// <summary>Spoils an input; answers how.</summary>
    public static (string Kind, FuzzBody Body) Spoil(Func<FuzzNode> make, Random random)
    {
        while (true)
        {
            var at = random.Next(AllWeights);
            var chosen = Spoilers.First(spoiler => (at -= spoiler.Weight) < 0);
            if (chosen.Spoil(make(), random) is { } body) return (chosen.Kind, body);
        }
    }

    private static FuzzBody? WrongType(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is not null && node != root, random) is not { } node) return null;
        string[] others = node.Shape switch
        {
            StructureShape => ["[]", "1", "true", "\"x\""],
            ListShape => ["{}", "1", "false", "\"x\""],
            StringShape => ["1", "{}", "[]", "true", "[\"x\"]", "1e999", "-0"],
            IntegerShape => ["\"1\"", "{}", "[]", "true", "[1]"],
            _ => ["\"true\"", "0", "1", "{}", "[]"],
        };
        node.Raw = Bytes(others[random.Next(others.Length)]);
        return new(root.ToBytes(), NotJson);
    }

    private static FuzzBody? Missing(FuzzNode root, Random random)
    {
        var wanted = root.All().Where(pair => pair.Node.IsRequired).ToList();
        if (wanted.Count == 0) return null;
        var (node, parent) = wanted[random.Next(wanted.Count)];
        if (random.Next(2) == 0) parent!.Children.Remove(node);
        else node.Raw = Bytes("null");
        return new(root.ToBytes(), Refused);
    }

    private static FuzzBody? NullElement(FuzzNode root, Random random)
    {
        if (Pick(root, node => node is { Shape: ListShape, Raw: null }, random) is not { } list) return null;
        list.Children.Insert(random.Next(list.Children.Count + 1), new FuzzNode { Raw = Bytes("null") });
        return new(root.ToBytes(), Refused);
    }

    private static FuzzBody? Length(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is StringShape { Max: not null }, random) is not { Shape: StringShape shape } node) return null;
        var tooShort = shape.Min > 0 && random.Next(3) == 0;
        var length = tooShort ? random.Next(shape.Min) : shape.Max!.Value + (random.Next(3) == 0 ? random.Next(1, 5000) : 1);
        node.Raw = FuzzValues.Text(string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "a" : "\U00020000", length)));
        return new(root.ToBytes(), Refused);
    }

    private static FuzzBody? Pattern(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is StringShape { Matches: not null }, random) is not { Shape: StringShape shape } node) return null;
        string[] hostile =
        [
            "a\n", "\n", "fs-0123456789abcde\n", "' OR 1=1 --", "{{7*7}}", "$(id)", "../../../etc/passwd", "arn:aws:fsx:" + string.Concat(Enumerable.Repeat("a:", 200)),
            "arn:a:fsx:a:123456789012:" + new string('-', 400), new string('9', 20), "1.................x", new string('=', 200), "\ufffd", "\u0000", "fs-\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
            string.Concat(Enumerable.Repeat("[-", 20)) + "@tcp", "<script>", "%s%n", "\u202e",
        ];
        var text = hostile[random.Next(hostile.Length)];
        node.Raw = FuzzValues.Text(text);
        return new(root.ToBytes(), shape.Matches!(text) ? null : Refused);
    }

    private static FuzzBody? Enum(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is StringShape { EnumValues.Count: > 0 }, random) is not { Shape: StringShape shape } node) return null;
        var value = shape.EnumValues[random.Next(shape.EnumValues.Count)];
        string[] others = [value + " ", value + "\n", "x" + value, "", "RESTORE_DATA_TO_FILESYSTEM", "0"];
        node.Raw = FuzzValues.Text(others[random.Next(others.Length)]);
        return new(root.ToBytes(), Refused);
    }

    private static FuzzBody? Range(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is IntegerShape, random) is not { Shape: IntegerShape shape } node) return null;
        string[] others =
        [
            "9223372036854775808", "1e30", "-1e30", "1e308", "1e999", "-9223372036854775809", "123456789012345678901234567890123456789", Text(shape.Min - 1),
            shape.Max < long.MaxValue ? Text(shape.Max + 1) : "1e19", "-0.5", "-1e-400",
        ];
        var value = others[random.Next(others.Length)];
        node.Raw = Bytes(value);
        return new(root.ToBytes(), value is "-0.5" or "-1e-400" ? null : Refused);

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static FuzzBody? OddNumber(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is IntegerShape, random) is not { } node) return null;
        (string Text, string? Code)[] others =
        [
            ("1.5", null), ("1e2", null), ("1E+2", null), ("2400.0000000000000000000000000000001", null), ("01", NotJson), ("+1", NotJson), ("0x10", NotJson), ("NaN", NotJson),
            ("Infinity", NotJson), (".5", NotJson), ("1.", NotJson), ("1e", NotJson), ("--1", NotJson), ("1_000", NotJson), ("\u0661", NotJson),
        ];
        var (text, code) = others[random.Next(others.Length)];
        node.Raw = Bytes(text);
        return new(root.ToBytes(), code);
    }

    private static FuzzBody? LongList(FuzzNode root, Random random)
    {
        if (Pick(root, node => node is { Shape: ListShape { Max: not null }, Children.Count: > 0 }, random) is not { Shape: ListShape shape } list) return null;
        while (list.Children.Count <= shape.Max) list.Children.Add(list.Children[0]);
        return new(root.ToBytes(), Refused);
    }

    private static FuzzBody? Duplicate(FuzzNode root, Random random)
    {
        if (root.Children.Count == 0) return null;
        var structures = root.All().Where(pair => pair.Node is { Shape: StructureShape, Children.Count: > 0 }).Select(pair => pair.Node).ToList();
        var structure = structures[random.Next(structures.Count)];
        var twin = structure.Children[random.Next(structure.Children.Count)];
        var name = twin.Name!;

        // The same name spelled with an escape is the same name.
        if (random.Next(3) == 0) name = $"\"\\u{(int)name[1]:x4}{name[2..]}";
        structure.Children.Add(new FuzzNode { Name = name, Shape = twin.Shape, Raw = twin.Raw, Children = twin.Children });
        return new(root.ToBytes(), NotJson);
    }

    private static FuzzBody? Unknown(FuzzNode root, Random random)
    {
        string[] names = ["\"\"", "\"x\"", "\"__proto__\"", "\"__type\"", "\"$ref\"", "\"$id\"", "\"\\u0000\"", "\"\U0001F600\"", "\"constructor\"", "\"FileSystemID\""];
        string[] values = ["null", "1e999", "[[[[]]]]", "{\"a\":{\"b\":[1,null,true,\"\\u0000\"]}}", "\"\\ud83d\\ude00\"", "-0"];
        root.Children.Insert(
            random.Next(root.Children.Count + 1), new FuzzNode { Name = names[random.Next(names.Length)], Raw = Bytes(values[random.Next(values.Length)]) });
        return new(root.ToBytes(), null);
    }

    private static FuzzBody? OtherCase(FuzzNode root, Random random)
    {
        if (Pick(root, node => node is { Name: not null, Shape: not null }, random) is not { } node) return null;
        node.Name = random.Next(2) == 0 ? node.Name!.ToLowerInvariant() : node.Name!.ToUpperInvariant();
        return new(root.ToBytes(), node.IsRequired && node.Name is not "\"S3\"" ? Refused : null);
    }

    private static FuzzBody? Escapes(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is StringShape, random) is not { } node) return null;
        string[] texts = ["\\u0000", "/a\\u0000b", "s3://bucket-1/\\u0000", "\\/\\b\\f\\n\\r\\t", "\\ud83d\\ude00", "/\\u2028", "\\u0085", "\\u0041", "s3://bucket-1/\\u000a"];
        node.Raw = Bytes($"\"{texts[random.Next(texts.Length)]}\"");
        return new(root.ToBytes(), null);
    }

    private static FuzzBody? InvalidUtf8(FuzzNode root, Random random)
    {
        byte[][] sequences = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xe2, 0x82], [0xf0, 0x9f, 0x98]];
        var text = (byte[])[(byte)'"', (byte)'a', .. sequences[random.Next(sequences.Length)], (byte)'"'];
        if (random.Next(2) == 0 && Pick(root, node => node.Shape is StringShape, random) is { } node) node.Raw = text;
        else root.Children.Add(new FuzzNode { Name = "\"unknown\"", Raw = text });
        return new(root.ToBytes(), NotJson);
    }

    private static FuzzBody? LoneSurrogate(FuzzNode root, Random random)
    {
        string[] texts = ["\"\\ud800\"", "\"a\\udc00b\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\uD83D\\n\""];
        var text = texts[random.Next(texts.Length)];
        if (random.Next(2) == 0) root.Children.Add(new FuzzNode { Name = text, Raw = Bytes("1") });
        else if (Pick(root, node => node.Shape is StringShape, random) is { } node) node.Raw = Bytes(text);
        else return null;
        return new(root.ToBytes(), NotJson);
    }

    private static FuzzBody? Control(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is StringShape, random) is not { } node) return null;
        node.Raw = [(byte)'"', (byte)random.Next(0x20), (byte)'"'];
        return new(root.ToBytes(), NotJson);
    }

    private static FuzzBody? CutOff(FuzzNode root, Random random)
    {
        var bytes = root.ToBytes();
        return new(bytes[..random.Next(bytes.Length)], NotJson);
    }

    private static FuzzBody? Trailing(FuzzNode root, Random random)
    {
        string[] ends = ["{}", "x", "]", "}", ",", "\0", "null", "\n\n\n#"];
        return new([.. root.ToBytes(), .. Bytes(ends[random.Next(ends.Length)])], NotJson);
    }

    private static FuzzBody? NotQuiteJson(FuzzNode root, Random random)
    {
        var bytes = root.ToBytes();
        return new(
            random.Next(4) switch
            {
                0 => [0xef, 0xbb, 0xbf, .. bytes],
                1 => [.. Bytes("/* */"), .. bytes],
                2 => [.. bytes[..^1], (byte)',', (byte)'}'],
                _ => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes)),
            },
            NotJson);
    }

    private static FuzzBody? NoObject(FuzzNode root, Random random)
    {
        string[] bodies = ["", " ", "null", "[]", "1", "\"x\"", "true", "[{}]", "\0", "<xml/>", "a=b&c=d", "----\r\n\r\n"];
        return new(Bytes(bodies[random.Next(bodies.Length)]), NotJson);
    }

    private static FuzzBody? Flipped(FuzzNode root, Random random)
    {
        var bytes = root.ToBytes();
        for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return new(bytes, null);
    }

    private static FuzzBody? Deep(FuzzNode root, Random random)
    {
        // The root is a level itself; 32 levels are read.
        int[] depths = [1, 30, 31, 32, 33, 200, 20_000];
        var depth = depths[random.Next(depths.Length)];
        var text = random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        root.Children.Add(new FuzzNode { Name = "\"deep\"", Raw = Bytes(text) });
        return new(root.ToBytes(), depth > 31 ? NotJson : null);
    }

    private static FuzzBody? HugeText(FuzzNode root, Random random)
    {
        var text = FuzzValues.Text(new string('x', random.Next(100_000, 1_000_000)));
        if (random.Next(2) == 0 && Pick(root, node => node.Shape is StringShape, random) is { } node)
        {
            node.Raw = text;
            return new(root.ToBytes(), Refused);
        }

        root.Children.Add(new FuzzNode { Name = "\"unknown\"", Raw = text });
        return new(root.ToBytes(), null);
    }

    private static FuzzBody? HugeNumber(FuzzNode root, Random random)
    {
        if (Pick(root, node => node.Shape is IntegerShape, random) is not { } node) return null;
        node.Raw = Bytes(new string('9', random.Next(1_000, 300_000)));
        return new(root.ToBytes(), Refused);
    }

    private static FuzzBody? ManyMembers(FuzzNode root, Random random)
    {
        var count = random.Next(1_000, 60_000);
        root.Children.AddRange(Enumerable.Range(0, count).Select(number => new FuzzNode { Name = $"\"m{number}\"", Raw = Bytes("[]") }));
        return new(root.ToBytes(), null);
    }

    private static FuzzNode? Pick(FuzzNode root, Func<FuzzNode, bool> fits, Random random)
    {
        var fitting = root.All().Select(pair => pair.Node).Where(fits).ToList();
        return fitting.Count == 0 ? null : fitting[random.Next(fitting.Count)];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
