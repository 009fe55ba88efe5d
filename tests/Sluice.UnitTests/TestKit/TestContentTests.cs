using CsCheck;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class TestContentTests
{
    [Fact]
    public void Any_stretch_can_be_made_alone() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 200], Gen.Int[0, 100]).Sample((seed, offset, length) =>
        {
            var stretch = new byte[length];
            TestContent.Fill(seed, offset, stretch);
            return stretch.AsSpan().SequenceEqual(TestContent.Bytes(seed, offset + length).AsSpan(offset));
        });

    [Fact]
    public void A_multipart_ETag_is_the_MD5_of_the_parts_MD5s_and_their_number()
    {
        // printf abc | md5sum; the digests of "ab" and "c", joined, digested again.
        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", Digests.Md5Hex("abc"u8));
        byte[] parts = [.. Convert.FromHexString(Digests.Md5Hex("ab"u8)), .. Convert.FromHexString(Digests.Md5Hex("c"u8))];
        Assert.Equal($"{Digests.Md5Hex(parts)}-2", Digests.MultipartETag("abc"u8, 2));
    }
}
