using System.Text;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>Single requests no client library makes.</summary>
public sealed class EdgeTests(EdgeFixture fixture) : IClassFixture<EdgeFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("authorization", "authorization")]
    [InlineData("\u00c3\u00a9", null)]
    [InlineData("authorization\u007f", null)]
    public async Task A_preflight_is_answered_whatever_headers_it_names(string asked, string? allowed)
    {
        var answer = await SendAsync(
            (Plain() with { Method = "OPTIONS" }).And("Origin", "https://page.example").And("Access-Control-Request-Headers", asked).And("Access-Control-Request-Method", asked).ToBytes());

        Assert.Equal(200, answer.Status);
        Assert.Equal(allowed, answer.Head["access-control-allow-headers"]);
        Assert.Equal(allowed, answer.Head["access-control-allow-methods"]);
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF1\r\n{}")]
    [InlineData("zz\r\n{}")]
    [InlineData("2\r\n{}x\r\n")]
    public async Task A_badly_chunked_body_is_the_callers_fault(string chunks)
    {
        var answer = await SendAsync([.. Plain().And("Transfer-Encoding", "chunked").HeadBytes(), .. Encoding.ASCII.GetBytes(chunks)]);

        Assert.Null(AnswerRules.Violation(answer, hasBody: true, out var code));
        Assert.Equal("MalformedHttpRequestException", code);
    }

    private static ApiRequest Plain() => new()
    {
        Headers = [new("Host", "x"), new("Content-Type", ApiSigner.ContentType), new("X-Amz-Target", FsxOperations.DescribeFileSystems.Info.Target)],
    };

    private async Task<RawAnswer> SendAsync(byte[] bytes)
    {
        using var connection = await RawConnection.OpenAsync(fixture.Edge.Address, Cancel);
        await connection.SendAsync(bytes, Cancel);
        var answer = await connection.ReceiveAsync("POST", Cancel);
        Assert.NotNull(answer);
        return answer;
    }
}
