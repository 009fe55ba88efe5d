using CsCheck;
using Sluice.Core.Repositories;
using Xunit;

namespace Sluice.UnitTests.Core;

public sealed class RepositoryPathTests
{
    private static readonly Gen<RepositoryPath> Paths =
        Gen.Select(Gen.OneOf("bucket", "bucket2", "a.b-c"), Gen.OneOf("a", "ab", "b", "", "ü").Array[0, 3])
            .Select((bucket, parts) => Parse($"s3://{bucket}/{string.Join('/', parts)}"));

    [Theory]
    [InlineData("s3://bucket", "bucket", "")]
    [InlineData("s3://bucket/", "bucket", "")]
    [InlineData("s3://bucket/a", "bucket", "a/")]
    [InlineData("s3://bucket/a/", "bucket", "a/")]
    [InlineData("s3://bucket/a/b", "bucket", "a/b/")]
    [InlineData("s3://bucket/a//b", "bucket", "a//b/")]
    [InlineData("s3://bucket//", "bucket", "/")]
    [InlineData("s3://a.b-9/Größe 1", "a.b-9", "Größe 1/")]
    [InlineData("s3://123", "123", "")]
    public void A_path_is_a_bucket_and_a_prefix_that_ends_in_a_slash(string text, string bucket, string prefix)
    {
        Assert.True(RepositoryPath.TryParse(text, out var path));
        Assert.Equal(bucket, path.Bucket);
        Assert.Equal(prefix, path.Prefix);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3:/bucket")]
    [InlineData("S3://bucket")]
    [InlineData(" s3://bucket")]
    [InlineData("nfs://bucket")]
    [InlineData("https://bucket/a")]
    [InlineData("bucket/a")]
    [InlineData("s3://ab")]
    [InlineData("s3://Bucket")]
    [InlineData("s3://bücket")]
    [InlineData("s3://buck_et")]
    [InlineData("s3://-bucket")]
    [InlineData("s3://bucket-")]
    [InlineData("s3://.bucket")]
    [InlineData("s3://bucket.")]
    [InlineData("s3://bucket\n")]
    [InlineData("s3://bucket\n/a")]
    [InlineData("s3://..")]
    [InlineData("s3://.../a")]
    public void Another_scheme_or_an_impossible_bucket_is_refused(string? text)
    {
        Assert.False(RepositoryPath.TryParse(text, out var path));
        Assert.Equal(default, path);
    }

    [Fact]
    public void A_bucket_name_has_3_to_63_characters()
    {
        Assert.True(RepositoryPath.TryParse("s3://" + new string('a', 3), out _));
        Assert.True(RepositoryPath.TryParse("s3://" + new string('a', 63), out _));
        Assert.False(RepositoryPath.TryParse("s3://" + new string('a', 64), out _));
    }

    [Theory]
    [InlineData("s3://bucket", "s3://bucket/a", true)]
    [InlineData("s3://bucket/a", "s3://bucket/a/", true)]
    [InlineData("s3://bucket/a", "s3://bucket/a/b", true)]
    [InlineData("s3://bucket/a", "s3://bucket/ab", false)]
    [InlineData("s3://bucket/a/b", "s3://bucket/a", false)]
    [InlineData("s3://bucket/a", "s3://bucket/A", false)]
    [InlineData("s3://bucket", "s3://bucket2", false)]
    public void A_path_contains_itself_and_what_lies_beneath(string outer, string inner, bool contains)
    {
        Assert.Equal(contains, Parse(outer).Contains(Parse(inner)));
        Assert.True(Parse(outer).Contains(Parse(outer)));
    }

    [Fact]
    public void Paths_overlap_exactly_when_one_contains_the_other() =>
        Gen.Select(Paths, Paths).Sample((one, other) =>
            one.Overlaps(other) == other.Overlaps(one) && one.Overlaps(other) == (one.Contains(other) || other.Contains(one)));

    [Fact]
    public void Containing_is_an_order() => Gen.Select(Paths, Paths, Paths).Sample((a, b, c) =>
        (!(a.Contains(b) && b.Contains(c)) || a.Contains(c)) && (!(a.Contains(b) && b.Contains(a)) || a == b));

    [Fact]
    public void The_text_of_a_path_parses_to_it() => Paths.Sample(path => Parse(path.ToString()) == path);

    private static RepositoryPath Parse(string text) =>
        RepositoryPath.TryParse(text, out var path) ? path : throw new FormatException($"'{text}' is no repository path.");
}
