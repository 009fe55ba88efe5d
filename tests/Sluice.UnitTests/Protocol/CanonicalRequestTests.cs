using System.Text.Json;
using Sluice.Protocol;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class CanonicalRequestTests
{
    [Fact]
    public void Members_are_sorted_and_the_token_is_left_out() =>
        Assert.Equal(
            """{"FileSystemId":"fs-1","Report":{"Enabled":true,"Path":"s3://b"},"Type":"T"}""",
            Of("""{"Type":"T","Report":{"Path":"s3://b","Enabled":true},"ClientRequestToken":"t","FileSystemId":"fs-1"}"""));

    [Theory]
    [InlineData("""{ "Type" : "T" }""")]
    [InlineData("""{"Type":"T","Paths":null,"Tags":null}""")]
    [InlineData("""{"Unknown":1,"Type":"T"}""")]
    [InlineData("""{"\u0054ype":"\u0054"}""")]
    public void Spelling_does_not_matter(string request) => Assert.Null(CanonicalRequest.FirstDifference(Of("""{"Type":"T"}"""), Of(request)));

    [Fact]
    public void Numbers_are_compared_as_they_are_read() =>
        Assert.Null(CanonicalRequest.FirstDifference(Of("""{"CapacityToRelease":2}"""), Of("""{"CapacityToRelease":2.5e0}""")));

    [Theory]
    [InlineData("""{"Type":"T","FileSystemId":"b"}""", "FileSystemId")]
    [InlineData("""{"FileSystemId":"a"}""", "Type")]
    [InlineData("""{"Type":"T","FileSystemId":"a","Paths":[]}""", "Paths")]
    [InlineData("""{"Type":"t","FileSystemId":"b"}""", "FileSystemId")]
    [InlineData("""{"Type":"T","FileSystemId":"a","Report":{"Enabled":false}}""", "Report")]
    public void The_first_differing_member_is_named(string request, string member) =>
        Assert.Equal(member, CanonicalRequest.FirstDifference(Of("""{"Type":"T","FileSystemId":"a"}"""), Of(request)));

    [Theory]
    [InlineData("""{"Paths":["/a","/b"]}""", """{"Paths":["/b","/a"]}""", "Paths")]
    [InlineData("""{"Report":{"Enabled":true}}""", """{"Report":{"Enabled":false}}""", "Report")]
    [InlineData("""{"Tags":[{"Key":"a","Value":"b"}]}""", """{"Tags":[{"Key":"a","Value":"c"}]}""", "Tags")]
    public void Differences_inside_a_member_count(string known, string given, string member) =>
        Assert.Equal(member, CanonicalRequest.FirstDifference(Of(known), Of(given)));

    private static string Of(string request)
    {
        using var document = JsonDocument.Parse(request);
        return CanonicalRequest.Of(FsxOperations.CreateDataRepositoryTask.Info, document.RootElement);
    }
}
