using Microsoft.Extensions.Time.Testing;
using Sluice.Protocol.Faults;
using Sluice.Protocol.SigV4;
using Xunit;

namespace Sluice.UnitTests.Protocol.SigV4;

public sealed class SigV4VerifierTests
{
    private const string Now = "20261123T120000Z";
    private const string Target = "AWSSimbaAPIService_v20180301.DescribeFileSystems";

    private readonly FakeTimeProvider _clock = ExampleKeys.ClockAt(Now);
    private readonly ExampleKeys _keys = new();

    [Fact]
    public void A_signature_by_header_and_by_query_at_once_is_refused() =>
        Refuses("InvalidSignatureException", "Found both 'X-Amz-Algorithm'", Signed() with { Query = "X-Amz-Algorithm=AWS4-HMAC-SHA256" });

    [Fact]
    public void A_request_without_signature_is_refused() =>
        Refuses("MissingAuthenticationTokenException", "Missing Authentication Token", Unsigned());

    [Fact]
    public void Every_missing_part_of_the_header_is_named()
    {
        var fault = Refuses(
            "IncompleteSignatureException",
            "Authorization header requires 'Credential' parameter. ",
            Unsigned().With("Authorization", "AWS4-HMAC-SHA256"));

        Assert.Contains("requires 'Signature' parameter. ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("requires 'SignedHeaders' parameter. ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("either a 'X-Amz-Date' or a 'Date' header. ", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("Authorization=AWS4-HMAC-SHA256", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_missing_part_of_the_query_is_named()
    {
        var fault = Refuses(
            "IncompleteSignatureException",
            "AWS query-string parameters must include 'X-Amz-Credential'. ",
            Unsigned() with { Query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=" + Now });

        Assert.Contains("'X-Amz-Signature'. ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'X-Amz-SignedHeaders'. ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'X-Amz-Date'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mon, 23 Nov 2026 12:00:00 GMT")]
    [InlineData("2026-11-23T12:00:00Z")]
    [InlineData("20261323T120000Z")]
    [InlineData("x")]
    public void A_date_in_another_form_is_refused(string date) =>
        Refuses("IncompleteSignatureException", "Date must be in ISO-8601 'basic format'.", Signed().With("X-Amz-Date", date));

    [Theory]
    [InlineData(-901, "Signature expired: 20261123T120000Z is now earlier than 20261123T120001Z (20261123T121501Z - 15 min.)")]
    [InlineData(901, "Signature not yet current: 20261123T120000Z is still later than 20261123T115959Z (20261123T114459Z + 15 min.)")]
    public void A_clock_more_than_fifteen_minutes_off_is_refused(int clientAhead, string message)
    {
        var request = Signed();
        _clock.AdjustTime(_clock.GetUtcNow().AddSeconds(-clientAhead));

        Assert.Equal(message, Refuses("InvalidSignatureException", "Signature ", request).Message);
    }

    [Theory]
    [InlineData(-900)]
    [InlineData(900)]
    public void A_clock_fifteen_minutes_off_is_accepted(int clientAhead)
    {
        var request = Signed();
        _clock.AdjustTime(_clock.GetUtcNow().AddSeconds(-clientAhead));

        Assert.Equal("AKIDEXAMPLE", Verify(request).AccessKeyId);
    }

    [Theory]
    [InlineData("host;", "", "'Host' must be a 'SignedHeader'")]
    [InlineData(";x-amz-target", "", "'X-Amz-Target' must be a 'SignedHeader'")]
    public void Host_and_target_have_to_be_signed(string was, string becomes, string message) =>
        Refuses("InvalidSignatureException", message, Authorized(text => text.Replace(was, becomes, StringComparison.Ordinal)));

    [Theory]
    [InlineData("SignedHeaders=host;")]
    [InlineData("SignedHeaders=HOST;")]
    public void A_header_is_signed_once(string with) =>
        Refuses("InvalidSignatureException", "name a header more than once", Authorized(text => text.Replace("SignedHeaders=", with, StringComparison.Ordinal)));

    [Fact]
    public void Another_algorithm_is_refused() =>
        Refuses(
            "IncompleteSignatureException",
            "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'",
            Authorized(text => text.Replace("SHA256", "SHA512", StringComparison.Ordinal)));

    [Theory]
    [InlineData("AKIDEXAMPLE/20261123/us-east-1/fsx")]
    [InlineData("AKID/EXAMPLE/20261123/us-east-1/fsx/aws4_request")]
    public void A_credential_of_other_than_five_parts_is_refused(string credential) =>
        Refuses("IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements", WithCredential(credential));

    [Theory]
    [InlineData("AKIDEXAMPLE/20261123/us-east-1/s3/aws4_request", "Credential should be scoped to correct service: 'fsx'.")]
    [InlineData("AKIDEXAMPLE/20261123//fsx/aws4_request", "Credential should be scoped to a valid region")]
    [InlineData("AKIDEXAMPLE/20261123/us-east-1/fsx/aws5_request", "Credential should be scoped with a valid terminator: 'aws4_request'")]
    [InlineData("AKIDEXAMPLE/20261122/us-east-1/fsx/aws4_request", "Date in Credential scope does not match YYYYMMDD")]
    [InlineData(
        "AKIDEXAMPLE/20261123/us-east-1/s3/x", "Credential should be scoped to correct service: 'fsx'. Credential should be scoped with a valid terminator")]
    public void A_scope_for_something_else_is_refused(string credential, string message) =>
        Refuses("InvalidSignatureException", message, WithCredential(credential));

    [Fact]
    public void A_region_outside_the_configured_ones_is_refused()
    {
        var verifier = new SigV4Verifier(_keys, "fsx", _clock) { Regions = ["eu-central-1"] };

        var fault = Assert.Throws<FrameworkFault>(() => verifier.Verify(Signed()));

        Assert.Equal("InvalidSignatureException", fault.Code);
    }

    [Fact]
    public void An_unknown_access_key_is_refused() =>
        Refuses("UnrecognizedClientException", "The security token included", WithCredential("AKIDOTHER/20261123/us-east-1/fsx/aws4_request"));

    [Fact]
    public void A_wrong_signature_is_refused_and_shows_what_was_expected()
    {
        var fault = Refuses("InvalidSignatureException", "The request signature we calculated does not match", Signed() with { Method = "PUT" });

        Assert.Contains("'PUT\n/\n\ncontent-type:application/x-amz-json-1.1\n", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ExampleKeys.SecretAccessKey, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rotated_secret_is_not_served_from_the_cache()
    {
        var verifier = new SigV4Verifier(_keys, "fsx", _clock);
        _ = verifier.Verify(Signed());
        _keys.Secret = "another";

        Assert.Equal("InvalidSignatureException", Assert.Throws<FrameworkFault>(() => verifier.Verify(Signed())).Code);
    }

    [Fact]
    public void A_session_token_for_a_key_without_one_is_refused() =>
        Refuses("UnrecognizedClientException", "The security token included", Signed("surprise"));

    [Theory]
    [InlineData(null, null, "UnrecognizedClientException")]
    [InlineData("wrong", null, "UnrecognizedClientException")]
    [InlineData("right", "20261123T115959Z", "ExpiredTokenException")]
    public void A_session_token_that_is_missing_wrong_or_expired_is_refused(string? presented, string? expiration, string code)
    {
        DateTimeOffset? expires = expiration is not null && AmzDate.TryParse(expiration, out var instant) ? instant : null;
        var keys = new ExampleKeys { SessionToken = "right", Expiration = expires };

        var fault = Assert.Throws<FrameworkFault>(() => new SigV4Verifier(keys, "fsx", _clock).Verify(Signed(presented)));

        Assert.Equal(code, fault.Code);
    }

    [Fact]
    public void A_content_hash_that_is_not_the_bodys_is_refused() =>
        Refuses("InvalidSignatureException", "'X-Amz-Content-Sha256' is not", Sign(Unsigned().With("x-amz-content-sha256", new string('0', 64))));

    [Fact]
    public void An_unsigned_payload_is_accepted_when_the_signature_says_so()
    {
        var request = Unsigned().With("X-Amz-Date", Now).With("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        string[] names = ["content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-target"];
        var scope = new CredentialScope(Now[..8], "us-east-1", "fsx");
        var signature = SigningKey.Sign(
            SigningKey.Derive(ExampleKeys.SecretAccessKey, scope),
            CanonicalForm.StringToSign(Now, scope, CanonicalForm.Request(request, names, "UNSIGNED-PAYLOAD")));

        var signed = request.With(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope},SignedHeaders={string.Join(';', names)},Signature={signature}");

        Assert.Equal("AKIDEXAMPLE", Verify(signed).AccessKeyId);
    }

    [Fact]
    public void A_signed_request_cannot_be_turned_into_an_unsigned_payload() =>
        Refuses("InvalidSignatureException", "The request signature we calculated", Signed().With("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));

    [Fact]
    public void Two_authorization_headers_are_refused()
    {
        var request = Signed();

        Refuses("IncompleteSignatureException", "more than once", request with { Headers = [.. request.Headers, new("authorization", "x")] });
    }

    [Theory]
    [InlineData("60", 61)]
    [InlineData("86400", 901)]
    public void A_presigned_query_lives_as_long_as_it_says_and_never_over_fifteen_minutes(string expires, int seconds)
    {
        var request = Presigned(expires);
        Assert.Equal("AKIDEXAMPLE", Verify(request).AccessKeyId);

        _clock.Advance(TimeSpan.FromSeconds(seconds));

        Refuses("InvalidSignatureException", "Signature expired", request);
    }

    [Fact]
    public void An_expiry_that_is_no_number_is_refused() => Refuses("IncompleteSignatureException", "X-Amz-Expires", Presigned("soon"));

    [Fact]
    public void The_cache_of_derived_keys_is_bounded()
    {
        var cache = new SigningKeyCache();
        for (var region = 0; region <= SigningKeyCache.Capacity * 2; region++)
            cache.Keep("id", "secret", new CredentialScope("20261123", $"r{region}", "fsx"), []);

        Assert.InRange(cache.Count, 1, SigningKeyCache.Capacity);
    }

    private static SignedRequest Unsigned() => new()
    {
        Method = "POST",
        Path = "/",
        Headers = [new("Host", "127.0.0.1:7501"), new("Content-Type", "application/x-amz-json-1.1"), new("X-Amz-Target", Target)],
        Body = "{}"u8.ToArray(),
    };

    private static SignedRequest Sign(SignedRequest request, string? sessionToken = null)
    {
        var signer = new SigV4Signer(ExampleKeys.Credentials(sessionToken), "us-east-1", "fsx", ExampleKeys.ClockAt(Now));
        return request with { Headers = [.. request.Headers, .. signer.Sign(request)] };
    }

    private static SignedRequest Signed(string? sessionToken = null) => Sign(Unsigned(), sessionToken);

    private static SignedRequest Authorized(Func<string, string> change)
    {
        var request = Signed();
        return request.With("Authorization", change(request.Header("Authorization")!));
    }

    private static SignedRequest WithCredential(string credential) =>
        Authorized(text => text.Replace("AKIDEXAMPLE/20261123/us-east-1/fsx/aws4_request", credential, StringComparison.Ordinal));

    private static SignedRequest Presigned(string expires)
    {
        var scope = new CredentialScope(Now[..8], "us-east-1", "fsx");
        var request = Unsigned() with
        {
            Query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F{UriEncoding.Encode($"{scope}")}"
                + $"&X-Amz-Date={Now}&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host%3Bx-amz-target",
        };
        var canonical = CanonicalForm.Request(request, ["host", "x-amz-target"], CanonicalForm.Hash(request.Body.Span));
        var key = SigningKey.Derive(ExampleKeys.SecretAccessKey, scope);
        return request with { Query = $"{request.Query}&X-Amz-Signature={SigningKey.Sign(key, CanonicalForm.StringToSign(Now, scope, canonical))}" };
    }

    private VerifiedSigner Verify(SignedRequest request) => new SigV4Verifier(_keys, "fsx", _clock).Verify(request);

    private FrameworkFault Refuses(string code, string message, SignedRequest request)
    {
        var fault = Assert.Throws<FrameworkFault>(() => Verify(request));
        Assert.Equal(code, fault.Code);
        Assert.Equal(400, fault.Status);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        return fault;
    }
}
