using Sluice.Protocol.SigV4;
using Xunit;

namespace Sluice.UnitTests.Protocol.SigV4;

/// <summary>The values of AWS's published Signature Version 4 test suite, for services that normalize the path.</summary>
public sealed class SigV4VectorTests
{
    private const string Date = "20150830T123600Z";
    private const string Token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    private const string FormHash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
    private const string Form = $"Host:example.amazonaws.com\nContent-Length:13\nx-amz-content-sha256:{FormHash}\n\nParam1=value1";
    private const string Presigned = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request"
        + $"&X-Amz-Date={Date}&X-Amz-Expires=3600";

    /// <summary>Name, request, signature.</summary>
    public static TheoryData<string, string, string> HeaderVectors => new()
    {
        { "get-vanilla", "GET / HTTP/1.1\nHost:example.amazonaws.com", Vanilla },
        { "get-relative", "GET /example/.. HTTP/1.1\nHost:example.amazonaws.com", Vanilla },
        { "get-relative-relative", "GET /example1/example2/../.. HTTP/1.1\nHost:example.amazonaws.com", Vanilla },
        { "get-slash-dot-slash", "GET /./ HTTP/1.1\nHost:example.amazonaws.com", Vanilla },
        { "get-slash", "GET // HTTP/1.1\nHost:example.amazonaws.com", Vanilla },
        {
            "get-slash-pointless-dot", "GET /./example HTTP/1.1\nHost:example.amazonaws.com",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"
        },
        { "get-slashes", "GET //example// HTTP/1.1\nHost:example.amazonaws.com", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84" },
        { "get-space", "GET /example space/ HTTP/1.1\nHost:example.amazonaws.com", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741" },
        { "get-unreserved", $"GET /{Unreserved} HTTP/1.1\nHost:example.amazonaws.com", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f" },
        { "get-utf8", "GET /ሴ HTTP/1.1\nHost:example.amazonaws.com", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85" },
        {
            "get-vanilla-empty-query-key", "GET /?Param1=value1 HTTP/1.1\nHost:example.amazonaws.com",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"
        },
        {
            "get-vanilla-query-order-key-case", "GET /?Param2=value2&Param1=value1 HTTP/1.1\nHost:example.amazonaws.com",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        },
        {
            "get-vanilla-query-order-encoded", "GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1 HTTP/1.1\nHost:example.amazonaws.com",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"
        },
        {
            "get-vanilla-query-unreserved", $"GET /?{Unreserved}={Unreserved} HTTP/1.1\nHost:example.amazonaws.com",
            "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"
        },
        { "get-vanilla-utf8-query", "GET /?ሴ=bar HTTP/1.1\nHost:example.amazonaws.com", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04" },
        {
            "get-header-key-duplicate", "GET / HTTP/1.1\nHost:example.amazonaws.com\nMy-Header1:value2\nMy-Header1:value2\nMy-Header1:value1",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"
        },
        {
            "get-header-value-multiline", "GET / HTTP/1.1\nHost:example.amazonaws.com\nMy-Header1:value1\n  value2\n     value3",
            "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"
        },
        {
            "get-header-value-order",
            "GET / HTTP/1.1\nHost:example.amazonaws.com\nMy-Header1:value4\nMy-Header1:value1\nMy-Header1:value3\nMy-Header1:value2",
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"
        },
        {
            "get-header-value-trim", "GET / HTTP/1.1\nHost:example.amazonaws.com\nMy-Header1: value1\nMy-Header2: \"a   b   c\"",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
        },
        { "post-vanilla", "POST / HTTP/1.1\nHost:example.amazonaws.com", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        { "post-vanilla-query", "POST /?Param1=value1 HTTP/1.1\nHost:example.amazonaws.com", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11" },
        {
            "post-header-key-sort", "POST / HTTP/1.1\nHost:example.amazonaws.com\nMy-Header1:value1",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
        },
        {
            "post-header-value-case", "POST / HTTP/1.1\nHost:example.amazonaws.com\nMy-Header1:VALUE1",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"
        },
        {
            "post-x-www-form-urlencoded", $"POST / HTTP/1.1\nContent-Type:application/x-www-form-urlencoded\n{Form}",
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"
        },
        {
            "post-x-www-form-urlencoded-parameters", $"POST / HTTP/1.1\nContent-Type:application/x-www-form-urlencoded; charset=utf-8\n{Form}",
            "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422"
        },
    };

    /// <summary>Name, request, signature.</summary>
    public static TheoryData<string, string, string> QueryVectors => new()
    {
        {
            "get-vanilla", $"GET /?{Presigned}&X-Amz-SignedHeaders=host HTTP/1.1\nHost:example.amazonaws.com",
            "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"
        },
        {
            "post-vanilla", $"POST /?{Presigned}&X-Amz-SignedHeaders=host HTTP/1.1\nHost:example.amazonaws.com",
            "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b"
        },
        {
            "get-header-value-trim",
            $"GET /?{Presigned}&X-Amz-SignedHeaders=host%3Bmy-header1%3Bmy-header2 HTTP/1.1\n"
            + "Host:example.amazonaws.com\nMy-Header1: value1\nMy-Header2: \"a   b   c\"",
            "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4"
        },
        {
            "get-vanilla-utf8-query", $"GET /?ሴ=bar&{Presigned}&X-Amz-SignedHeaders=host HTTP/1.1\nHost:example.amazonaws.com",
            "0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600"
        },
        {
            "post-x-www-form-urlencoded",
            $"POST /?{Presigned}&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost HTTP/1.1\n"
            + "Content-Type:application/x-www-form-urlencoded\nHost:example.amazonaws.com\nContent-Length:13\n\nParam1=value1",
            "89a40deed0f26f9461242825a082d2222717248abc7ab41f552ad84a94ad46e9"
        },
    };

    [Theory]
    [MemberData(nameof(HeaderVectors))]
    public void The_signer_gives_the_published_signature(string name, string request, string signature)
    {
        Assert.NotEmpty(name);
        Assert.EndsWith($"Signature={signature}", Authorization(RawRequest.Parse(request)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(HeaderVectors))]
    public void The_verifier_takes_the_published_signature(string name, string request, string signature)
    {
        Assert.NotEmpty(name);
        var parsed = RawRequest.Parse(request);
        var names = string.Join(';', parsed.Headers.Select(header => header.Key.ToLowerInvariant()).Append("x-amz-date").Distinct().Order(StringComparer.Ordinal));
        var signed = parsed
            .With("X-Amz-Date", Date)
            .With("Authorization", $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={names}, Signature={signature}");

        Assert.Equal(new VerifiedSigner("AKIDEXAMPLE", "us-east-1"), Verifier().Verify(signed));
    }

    [Theory]
    [MemberData(nameof(QueryVectors))]
    public void The_verifier_takes_the_published_presigned_query(string name, string request, string signature)
    {
        Assert.NotEmpty(name);
        var parsed = RawRequest.Parse(request);

        Assert.Equal("AKIDEXAMPLE", Verifier().Verify(parsed with { Query = $"{parsed.Query}&X-Amz-Signature={signature}" }).AccessKeyId);
    }

    [Fact]
    public void A_session_token_is_signed_as_published()
    {
        var signer = new SigV4Signer(ExampleKeys.Credentials(Token), "us-east-1", "service", ExampleKeys.ClockAt(Date));

        var added = signer.Sign(RawRequest.Parse("GET / HTTP/1.1\nHost:example.amazonaws.com"));

        Assert.Contains(new KeyValuePair<string, string>("X-Amz-Security-Token", Token), added);
        Assert.EndsWith("Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8", added[^1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_token_in_the_query_verifies_as_published()
    {
        var request = RawRequest.Parse(
            $"GET /?{Presigned}&X-Amz-SignedHeaders=host&X-Amz-Security-Token={Token}"
            + "&X-Amz-Signature=7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c HTTP/1.1\nHost:example.amazonaws.com");

        Assert.Equal("AKIDEXAMPLE", Verifier(Token).Verify(request).AccessKeyId);
    }

    [Fact]
    public void A_session_token_may_stay_unsigned()
    {
        var request = RawRequest.Parse("POST / HTTP/1.1\nHost:example.amazonaws.com")
            .With("X-Amz-Security-Token", Token)
            .With("X-Amz-Date", Date)
            .With(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
                + "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");

        Assert.Equal("AKIDEXAMPLE", Verifier(Token).Verify(request).AccessKeyId);
    }

    private static SigV4Verifier Verifier(string? sessionToken = null) =>
        new(new ExampleKeys { SessionToken = sessionToken }, "service", ExampleKeys.ClockAt(Date));

    private static string Authorization(SignedRequest request) =>
        new SigV4Signer(ExampleKeys.Credentials(), "us-east-1", "service", ExampleKeys.ClockAt(Date)).Sign(request)[^1].Value;
}
