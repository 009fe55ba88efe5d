using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Protocol;
using Sluice.Protocol.Constraints;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>Makes inputs that keep every constraint of the model, from its shapes.</summary>
/// <param name="ids">What the server has given out.</param>
/// <param name="roots">Directories that may or may not be adopted, and paths that are none.</param>
internal sealed class FuzzValues(KnownIds ids, IReadOnlyList<string> roots)
{
    private static readonly ConcurrentDictionary<string, string[]> Fitting = new();

    // Whatever a pattern of the model wants, one of these fits it.
    private static readonly string[] Samples =
    [
        "subnet-0123456789abcdef0", "sg-0123456789abcdef0", "1:00:00", "05:00", "7:23:59", "2.10", "2.12", "2.15", "9", "arn:aws:logs:us-east-1:000000000000:log-group:x",
        "arn:aws:kms:us-east-1:000000000000:key/x", "0:0", "65534:65534", "10.0.0.[1-9]@tcp", "10.0.0.1@tcp", "LUSTRE", "SSD", "fs-0123456789abcdef0", "*", "a/b\\.?-_",
    ];

    private static readonly string[] RepositoryPaths =
        ["s3://bucket-1", "s3://bucket-1/", "s3://bucket-1/a/b", "s3://bucket-2/ä ö/\U0001F600", "s3://no-such-bucket/x", "s3://B", "s3://", "nfs://host/x", "s3://bucket-1/../..", "xyz"];

    private static readonly string[] LocalPaths =
        ["/", "/a", "a/b", "/dir/../..", "/\U0001F600", "//a//b/", ".", "", "/a/./b", "/nothing", "/a\tb", "-rf", "/%00", "/a\u007fb", "/ü"];

    private static readonly string[] TagTexts = ["Name", "a b", "ä", "\U00020000\U00020001", "aws:x", "k=v", "_.:/=+-@", "\u2028", "owner"];

    private static readonly int[] UsualNumbers = [0, 1, 2, 12, 40, 50, 125, 200, 1200, 2400, 4000, 4800, 6000, 7200];

    /// <summary>An input for an operation.</summary>
    public FuzzNode Make(Shape shape, Random random) => Make(shape, name: null, isRequired: false, random);

    /// <summary>A text as raw JSON.</summary>
    public static byte[] Text(string text) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\"");

    private FuzzNode Make(Shape shape, string? name, bool isRequired, Random random)
    {
        var node = new FuzzNode { Name = name is null ? null : $"\"{name}\"", Shape = shape, IsRequired = isRequired };
        switch (shape)
        {
            case StructureShape structure:
                var share = random.NextDouble();
                foreach (var member in structure.Members.Where(member => member.IsRequired || random.NextDouble() < share))
                    node.Children.Add(Make(member.Shape, member.Name, member.IsRequired, random));
                break;
            case ListShape list:
                var count = random.Next(20) == 0 ? list.Max ?? 3 : random.Next(0, 4);
                for (var i = 0; i < Math.Clamp(count, list.Min, list.Max ?? int.MaxValue); i++) node.Children.Add(Make(list.Element, name: null, isRequired: false, random));
                break;
            case StringShape text:
                node.Raw = Text(Sample(text, random));
                break;
            case IntegerShape integer:
                node.Raw = Encoding.ASCII.GetBytes(Number(integer, random).ToString(CultureInfo.InvariantCulture));
                break;
            case BooleanShape:
                node.Raw = random.Next(2) == 0 ? "true"u8.ToArray() : "false"u8.ToArray();
                break;
            default:
                throw new UnreachableException();
        }

        return node;
    }

    private string Sample(StringShape shape, Random random)
    {
        if (shape.EnumValues.Count > 0) return Of(shape.EnumValues, random);
        var isKnown = random.Next(10) < 8;
        return shape.Name switch
        {
            "FileSystemId" => (isKnown ? ids.Pick("FileSystemId", random) : null) ?? ("fs-" + Digits(random)),
            "TaskId" => (isKnown ? ids.Pick("TaskId", random) : null) ?? ("task-" + Digits(random)),
            "DataRepositoryAssociationId" => (isKnown ? ids.Pick("AssociationId", random) : null) ?? ("dra-" + Digits(random)),
            "ResourceARN" => (isKnown ? ids.Pick("ResourceARN", random) : null) ?? $"arn:aws:fsx:us-east-1:000000000000:{Of(["task", "file-system", "association/x", "backup", "other"], random)}/{Digits(random)}",
            "NextToken" => (isKnown ? ids.Pick("NextToken", random) : null) ?? Token(random),
            "ClientRequestToken" => random.Next(3) == 0 ? $"token-{random.Next(20)}" : Digits(random),
            "TagKey" => random.Next(8) == 0 ? "sluice:root" : Of(TagTexts, random) + Of(["", "1", "2", "3"], random),
            "TagValue" => random.Next(2) == 0 ? Fit(Of(roots, random), shape) : Of(TagTexts, random),
            "ArchivePath" => Fit(Of(RepositoryPaths, random), shape),
            "DataRepositoryTaskPath" or "Namespace" or "LocalPath" => Fit(random.Next(6) == 0 ? Of(roots, random) : Of(random.Next(3) == 0 ? RepositoryPaths : LocalPaths, random), shape),
            _ => Of(Fitting.GetOrAdd(shape.Name, _ => [.. Samples.Where(sample => Fits(sample, shape))]), random),
        };
    }

    private static long Number(IntegerShape shape, Random random) => random.Next(4) switch
    {
        0 => shape.Min,
        1 => shape.Max,
        2 => Math.Clamp(UsualNumbers[random.Next(UsualNumbers.Length)], shape.Min, shape.Max),
        _ => random.NextInt64(shape.Min, shape.Max),
    };

    private static string Token(Random random)
    {
        var bytes = new byte[random.Next(1, 180)];
        random.NextBytes(bytes);
        bytes[0] = 1;
        return bytes.Length % 3 == 0 ? Convert.ToBase64String(bytes[1..]) : Convert.ToBase64String(bytes);
    }

    private static string Digits(Random random) => $"0{random.NextInt64():x16}";

    private static string Fit(string text, StringShape shape) => Fits(text, shape) ? text : "s3://bucket-1/else";

    private static bool Fits(string text, StringShape shape) =>
        WireText.Length(text) is var length && length >= shape.Min && !(length > shape.Max) && shape.Matches?.Invoke(text) != false;

    private static T Of<T>(IReadOnlyList<T> values, Random random) => values[random.Next(values.Count)];
}
