using Sluice.Core.Files;
using Xunit;

namespace Sluice.UnitTests.Core;

/// <summary>Metadata of objects, as careful and as careless programs write it.</summary>
public sealed class ObjectPosixMetadataTests
{
    [Fact]
    public void What_an_export_writes_is_read_back()
    {
        var written = new PosixMetadata(0x81A4, 6666, 0, -123_456_789, 1595002920000000001);
        var read = ObjectPosixMetadata.Of(written.ToUserMetadata());
        Assert.Equal(new ObjectPosixMetadata(written.Mode, 6666, 0, written.AtimeNs, written.MtimeNs), read);
        Assert.False(read.IsSymlink);
    }

    [Theory]
    [InlineData("0100664", 0x81B4u)]
    [InlineData("100664", 0x81B4u)]
    [InlineData("664", 0x1B4u)]
    [InlineData(" 0755 ", 0x1EDu)]
    [InlineData("0", 0u)]
    [InlineData("0000000", 0u)]
    [InlineData("0177777", 0xFFFFu)]
    public void Permissions_are_octal_with_or_without_leading_zeros_and_type(string text, uint mode) => Assert.Equal(mode, Mode(text).Mode);

    [Theory]
    [InlineData("")]
    [InlineData("rw-r--r--")]
    [InlineData("0o644")]
    [InlineData("-644")]
    [InlineData("888")]
    [InlineData("0200000")]
    [InlineData("07777777")]
    public void Permissions_that_are_none_are_ignored(string text) => Assert.Null(Mode(text).Mode);

    [Fact]
    public void Set_id_bits_are_dropped_and_the_sticky_bit_is_kept() => Assert.Equal(0x3FFu, Mode("0107777").Permissions);

    [Fact]
    public void The_type_bits_tell_a_symlink()
    {
        Assert.True(Mode("0120777").IsSymlink);
        Assert.False(Mode("0100777").IsSymlink);
        Assert.False(Mode("0160777").IsSymlink);
        Assert.False(Mode("777").IsSymlink);
    }

    [Theory]
    [InlineData("1595002920000000001ns", 1595002920000000001L)]
    [InlineData("1595002920123", 1595002920123000000L)]
    [InlineData("-1", -1000000L)]
    [InlineData("0ns", 0L)]
    public void Times_are_nanoseconds_with_their_suffix_and_milliseconds_without(string text, long ns) =>
        Assert.Equal(ns, ObjectPosixMetadata.Of(new Dictionary<string, string> { ["file-mtime"] = text }).MtimeNs);

    [Theory]
    [InlineData("")]
    [InlineData("ns")]
    [InlineData("yesterday")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999ns")]
    [InlineData("9223372036854775807")]
    [InlineData("-9223372036854775808")]
    public void Times_that_are_none_are_ignored(string text) =>
        Assert.Null(ObjectPosixMetadata.Of(new Dictionary<string, string> { ["file-atime"] = text }).AtimeNs);

    [Theory]
    [InlineData("root")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("1,000")]
    public void Owners_that_are_no_ids_are_ignored(string text)
    {
        var read = ObjectPosixMetadata.Of(new Dictionary<string, string> { ["file-owner"] = text, ["file-group"] = text });
        Assert.Equal((null, null), (read.Uid, read.Gid));
    }

    private static ObjectPosixMetadata Mode(string text) => ObjectPosixMetadata.Of(new Dictionary<string, string> { ["file-permissions"] = text });
}
