using System.Globalization;
using CsCheck;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class ConstraintTableTests
{
    // Blocks of the other file system types.
    private static readonly string[] Foreign = ["WindowsConfiguration", "OntapConfiguration", "OpenZFSConfiguration"];

    private static IEnumerable<Shape> AllShapes =>
        OperationTable.All.Where(row => row.IsInScope).SelectMany(row => Reach(row.Input!)).DistinctBy(shape => shape.Name);

    [Fact]
    public void Every_shape_has_the_limits_of_the_model()
    {
        foreach (var shape in AllShapes)
        {
            var model = ServiceModel.Shape(shape.Name);
            switch (shape)
            {
                case StringShape text:
                    Assert.Equal(Number(model, "min") ?? 0, text.Min);
                    Assert.Equal(Number(model, "max"), text.Max);
                    Assert.Equal(model.TryGetProperty("pattern", out var pattern) ? pattern.GetString() : null, text.Pattern);
                    Assert.Equal(text.Pattern is null, text.Matches is null);
                    Assert.Equal(model.TryGetProperty("enum", out var values) ? values.EnumerateArray().Select(value => value.GetString()!) : [], text.EnumValues);
                    break;
                case ListShape list:
                    Assert.Equal(Number(model, "min") ?? 0, list.Min);
                    Assert.Equal(Number(model, "max"), list.Max);
                    Assert.Equal(model.GetProperty("member").GetProperty("shape").GetString(), list.Element.Name);
                    break;
                case IntegerShape integer:
                    var isLong = model.GetProperty("type").GetString() == "long";
                    Assert.Equal(Number(model, "min") ?? (isLong ? long.MinValue : int.MinValue), integer.Min);
                    Assert.Equal(Number(model, "max") ?? (isLong ? long.MaxValue : int.MaxValue), integer.Max);
                    break;
                case StructureShape structure:
                    var required = model.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToList() : [];
                    var members = model.GetProperty("members").EnumerateObject().Where(member => !Foreign.Contains(member.Name));
                    Assert.Equal(
                        members.Select(member => (member.Name, member.Value.GetProperty("shape").GetString()!, required.Contains(member.Name))),
                        structure.Members.Select(member => (member.Name, member.Shape.Name, member.IsRequired)));
                    break;
                default:
                    Assert.IsType<BooleanShape>(shape);
                    break;
            }
        }
    }

    [Theory]
    [InlineData("TaskId", "task-0123456789abcdef0", true)]
    [InlineData("TaskId", "task-0123456789abcdef0\n", false)]
    [InlineData("TaskId", "task-0123456789ABCDEF0", false)]
    [InlineData("TaskId", "xtask-0123456789abcdef0", false)]
    [InlineData("ClientRequestToken", "token_1.2-3", true)]
    [InlineData("ClientRequestToken", "^[\\]`", true)]
    [InlineData("ClientRequestToken", "to ken", false)]
    [InlineData("DataRepositoryTaskFilterValue", "fs-01_*.\\/?", true)]
    [InlineData("DataRepositoryTaskFilterValue", "a,b", false)]
    [InlineData("DataRepositoryTaskPath", "/a b/ü/😀", true)]
    [InlineData("DataRepositoryTaskPath", "/a\nb", false)]
    [InlineData("DataRepositoryTaskPath", "/a\u2028b", false)]
    [InlineData("KmsKeyId", "alias/key", true)]
    [InlineData("KmsKeyId", "alias/key\r", false)]
    [InlineData("DailyTime", "05:30", true)]
    [InlineData("DailyTime", "0٥:30", false)]
    [InlineData("FileSystemTypeVersion", "2.15", true)]
    [InlineData("FileSystemTypeVersion", "v2.15", false)]
    [InlineData("NextToken", "QUJD", true)]
    [InlineData("NextToken", "QUI=", true)]
    [InlineData("NextToken", "QU_D", false)]
    [InlineData("ResourceARN", "arn:aws:fsx:us-east-1:123456789012:task/task-0123456789abcdef0", true)]
    [InlineData("ResourceARN", "arn:aws:fsx:us-east-1:123456789012:association/fs-0123456789abcdef0/dra-0123456789abcdef0", true)]
    [InlineData("ResourceARN", "arn:aws:s3:us-east-1:123456789012:x", false)]
    [InlineData("TagKey", "Größe 1+/=@:-._", true)]
    [InlineData("TagKey", "𝒜𐐀", true)]
    [InlineData("TagKey", "😀", false)]
    [InlineData("TagKey", "a#b", false)]
    [InlineData("TagValue", "", true)]
    public void A_pattern_takes_what_the_service_takes(string shape, string text, bool isTaken) => Assert.Equal(isTaken, Pattern(shape)(text));

    [Theory]
    [InlineData("FileSystemTypeVersion", "1111111111111111111111111111111111111111111111111111111111111\n")]
    [InlineData("ResourceARN", "arn:aws:fsx:us-east-1:123456789012:")]
    [InlineData("NextToken", "=")]
    public void A_pattern_is_quick_on_hostile_text(string shape, string end)
    {
        foreach (var filler in (string[])["a", ":", "-", "a.", ":a", "1:"])
        {
            var text = end + string.Concat(Enumerable.Repeat(filler, 512))[..(512 - end.Length)];
            // Answers at all: a match that takes a second throws.
            _ = Pattern(shape)(text);
            _ = Pattern(shape)(text + end);
        }
    }

    [Fact]
    public void The_rewritten_version_pattern_is_the_models()
    {
        var model = new System.Text.RegularExpressions.Regex(@"\A(?:[0-9]([^\n\r\u0085\u2028\u2029][0-9]*)*)\z");
        Gen.String[Gen.Char["0123.x\n"], 0, 10].Sample(text => Pattern("FileSystemTypeVersion")(text) == model.IsMatch(text));
    }

    [Fact]
    public void Tag_characters_are_the_models_for_every_character_of_the_basic_plane()
    {
        var model = new System.Text.RegularExpressions.Regex(@"\A(?:[\p{L}\p{Z}\p{N}_.:/=+\-@]*)\z");
        foreach (var character in Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(character => !char.IsSurrogate(character)))
            Assert.Equal(model.IsMatch($"{character}"), Pattern("TagKey")($"{character}"));
    }

    private static Func<string, bool> Pattern(string name) => AllShapes.OfType<StringShape>().Single(shape => shape.Name == name).Matches!;

    private static long? Number(System.Text.Json.JsonElement model, string name) =>
        model.TryGetProperty(name, out var value) ? long.Parse(value.GetRawText(), CultureInfo.InvariantCulture) : null;

    private static IEnumerable<Shape> Reach(Shape shape) => shape switch
    {
        StructureShape structure => structure.Members.SelectMany(member => Reach(member.Shape)).Prepend(shape),
        ListShape list => Reach(list.Element).Prepend(shape),
        _ => [shape],
    };
}
