using System.Globalization;
using CsCheck;
using Sluice.Core.Files;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class PosixMetadataTests
{
    private static readonly Gen<PosixMetadata> Any = Gen.Select(Gen.UInt[0, 0xFFFF], Gen.UInt, Gen.UInt, Gen.Long, Gen.Long)
        .Select(item => new PosixMetadata(item.Item1, item.Item2, item.Item3, item.Item4, item.Item5));

    [Theory]
    [InlineData(0x81FFu, "0100777")]
    [InlineData(0x41EDu, "0040755")]
    [InlineData(0xA1FFu, "0120777")]
    public void Permissions_are_type_and_mode_in_seven_octal_digits(uint mode, string expected) =>
        Assert.Equal(expected, new PosixMetadata(mode, 0, 0, 0, 0).ToUserMetadata()[PosixMetadata.Permissions]);

    [Fact]
    public void Every_value_reads_back_as_it_was_and_is_printable_ascii() => Any.Sample(metadata =>
    {
        var user = metadata.ToUserMetadata();
        Assert.Equal(metadata.Mode, Convert.ToUInt32(user[PosixMetadata.Permissions], 8));
        Assert.Equal(metadata.Uid, uint.Parse(user[PosixMetadata.Owner], CultureInfo.InvariantCulture));
        Assert.Equal(metadata.Gid, uint.Parse(user[PosixMetadata.Group], CultureInfo.InvariantCulture));
        Assert.Equal($"{metadata.AtimeNs}ns", user[PosixMetadata.Atime]);
        Assert.Equal($"{metadata.MtimeNs}ns", user[PosixMetadata.Mtime]);
        Assert.All(user.Values, value => Assert.All(value, character => Assert.InRange(character, ' ', '~')));
    });

    [Fact]
    public void Metadata_describes_itself_whatever_the_access_time_and_nothing_else() => Gen.Select(Any, Any, Gen.Long).Sample((one, other, atime) =>
    {
        Assert.True((one with { AtimeNs = atime }).Describes(one.ToUserMetadata()));
        Assert.Equal(one with { AtimeNs = 0 } == other with { AtimeNs = 0 }, other.Describes(one.ToUserMetadata()));
    });
}
