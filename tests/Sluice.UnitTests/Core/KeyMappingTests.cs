using System.Text;
using CsCheck;
using Sluice.Core.Files;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class KeyMappingTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abc é日\n%+.~ "], 1, 12].Where(name => name is not ("." or ".."));

    [Theory]
    [InlineData("/", "s3://bucket", "a/b", false, "a/b")]
    [InlineData("/", "s3://bucket/p", "a/b", true, "p/a/b/")]
    [InlineData("/x/y", "s3://bucket/p/", "x/y/z", false, "p/z")]
    [InlineData("/x/y", "s3://bucket/p", "x/y", true, "p/")]
    [InlineData("/", "s3://bucket", "", true, "")]
    public void A_key_is_the_prefix_and_the_path_below_the_linked_directory(string directory, string repository, string path, bool isDirectory, string expected)
    {
        Assert.Null(Mapping(directory, repository).TryGetKey(Encoding.UTF8.GetBytes(path), isDirectory, out var key));
        Assert.Equal(expected, key);
    }

    [Fact]
    public void Different_entries_have_different_keys_and_each_tells_its_path() =>
        Gen.Select(Name.Array[1, 5], Gen.Bool).Sample((names, isDirectory) =>
        {
            var path = string.Join('/', names);
            Assert.Null(Mapping("/link", "s3://bucket/prefix").TryGetKey(Encoding.UTF8.GetBytes($"link/{path}"), isDirectory, out var key));
            Assert.Equal($"prefix/{path}{(isDirectory ? "/" : "")}", key);
        });

    [Fact]
    public void A_key_has_at_most_1024_bytes_of_utf8() =>
        Gen.Select(Gen.Int[1000, 1040], Gen.Bool, Gen.Bool).Sample((bytes, wide, isDirectory) =>
        {
            var path = wide ? new string('é', bytes / 2) + new string('x', bytes % 2) : new string('x', bytes);
            var refused = Mapping("/", "s3://bucket").TryGetKey(Encoding.UTF8.GetBytes(path), isDirectory, out var key);
            var fits = bytes + (isDirectory ? 1 : 0) <= KeyMapping.MaxKeyBytes;
            Assert.Equal(fits ? null : FailureCode.PathSizeTooLong, refused);
            Assert.Equal(fits, key.Length > 0);
        });

    [Fact]
    public void A_name_that_is_not_utf8_has_no_key() =>
        Gen.Byte[0x80, 0xBF].Array[1, 4].Sample(bytes =>
            Assert.Equal(FailureCode.InternalError, Mapping("/", "s3://bucket").TryGetKey(bytes, isDirectory: false, out _)));

    private static KeyMapping Mapping(string directory, string repository)
    {
        Assert.True(RepositoryPath.TryParse(repository, out var parsed));
        return new KeyMapping(FileSystemPath.TryParse(directory)!, parsed!);
    }
}
