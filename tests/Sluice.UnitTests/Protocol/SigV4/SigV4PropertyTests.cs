using CsCheck;
using Sluice.Protocol.Faults;
using Sluice.Protocol.SigV4;
using Xunit;

namespace Sluice.UnitTests.Protocol.SigV4;

public sealed class SigV4PropertyTests
{
    private const string Now = "20261123T120000Z";

    private static readonly Gen<string> HeaderValue = Gen.String[Gen.Char[' ', '~'], 0, 40];

    private static readonly Gen<SignedRequest> Request =
        from path in Gen.String[Gen.Char["/ab.%20-_~é"], 0, 12]
        from query in Gen.String[Gen.Char["ab=&%41+é"], 0, 12]
        from headers in Gen.Select(Gen.Int[0, 5], HeaderValue, (number, value) => new KeyValuePair<string, string>($"X-Header-{number}", value)).List[0, 6]
        from body in Gen.Byte.Array[0, 200]
        select new SignedRequest
        {
            Method = "POST",
            Path = "/" + path,
            Query = query,
            Headers = [new("Host", "127.0.0.1:7501"), .. headers],
            Body = body,
        };

    private readonly SigV4Verifier _verifier = new(new ExampleKeys(), "fsx", ExampleKeys.ClockAt(Now));

    [Fact]
    public void What_is_signed_is_verified() =>
        Request.Sample(request => _verifier.Verify(Sign(request)).AccessKeyId == ExampleKeys.AccessKeyId);

    [Fact]
    public void White_space_around_and_in_runs_within_a_header_does_not_matter() =>
        Gen.Select(Gen.String[Gen.Char['a', 'f'], 1, 6].List[1, 4], Gen.String[Gen.Char[" \t"], 1, 4], (words, space) => (words, space)).Sample(sample =>
        {
            var request = Sign(Empty().With("X-Words", string.Join(' ', sample.words)));
            var spaced = sample.space + string.Join(sample.space, sample.words) + sample.space;
            return _verifier.Verify(request.With("X-Words", spaced)).AccessKeyId == ExampleKeys.AccessKeyId;
        });

    [Fact]
    public void Any_changed_byte_of_the_body_is_found() =>
        Gen.Select(Request.Where(request => request.Body.Length > 0), Gen.Int[0, 10_000], Gen.Int[1, 255], (request, position, change) => (request, position, change))
            .Sample(sample =>
            {
                var body = sample.request.Body.ToArray();
                body[sample.position % body.Length] ^= (byte)sample.change;
                return IsRefused(Sign(sample.request) with { Body = body });
            });

    [Fact]
    public void Any_changed_header_is_found() =>
        Gen.Select(Request, HeaderValue, HeaderValue, (request, before, after) => (request, before, after))
            .Where(sample => CanonicalForm.Fold(sample.before) != CanonicalForm.Fold(sample.after))
            .Sample(sample => IsRefused(Sign(sample.request.With("X-Changed", sample.before)).With("X-Changed", sample.after)));

    [Fact]
    public void A_changed_method_path_or_query_is_found() =>
        Request.Sample(request =>
        {
            var signed = Sign(request);
            return IsRefused(signed with { Method = "PUT" })
                && IsRefused(signed with { Path = signed.Path + "/added" })
                && IsRefused(signed with { Query = signed.Query + "&added=1" });
        });

    [Fact]
    public void Any_changed_character_of_the_signature_is_found() =>
        Gen.Int[0, 63].Sample(position =>
        {
            var signed = Sign(Empty());
            var authorization = signed.Header("Authorization")!.ToCharArray();
            var index = authorization.Length - 64 + position;
            authorization[index] = authorization[index] == '0' ? '1' : '0';
            return IsRefused(signed.With("Authorization", new string(authorization)));
        });

    [Fact]
    public void Nothing_in_a_request_makes_the_verifier_fail_otherwise() =>
        Gen.Select(Request, Gen.String, Gen.String, Gen.String, (request, authorization, date, query) => (request, authorization, date, query))
            .Sample(sample =>
            {
                var request = sample.request.With("X-Amz-Date", sample.date);
                return IsRefused(request.With("Authorization", sample.authorization))
                    && IsRefused(request.With("Authorization", $"AWS4-HMAC-SHA256 Credential={sample.authorization},Signature=x,SignedHeaders=host"))
                    && IsRefused(request with { Query = $"X-Amz-Algorithm={sample.query}&X-Amz-Date={sample.date}" });
            });

    private static SignedRequest Empty() => new() { Method = "POST", Path = "/", Headers = [new("Host", "localhost")] };

    private static SignedRequest Sign(SignedRequest request)
    {
        var signer = new SigV4Signer(ExampleKeys.Credentials(), "us-east-1", "fsx", ExampleKeys.ClockAt(Now));
        return request with { Headers = [.. request.Headers, .. signer.Sign(request)] };
    }

    private bool IsRefused(SignedRequest request)
    {
        try
        {
            _ = _verifier.Verify(request);
            return false;
        }
        catch (FrameworkFault)
        {
            return true;
        }
    }
}
