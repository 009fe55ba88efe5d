using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Protocol.Faults;

namespace Sluice.Protocol.SigV4;

/// <summary>
/// Verifies AWS Signature Version 4, by header and by presigned query, in the order and with the codes and texts of the
/// AWS JSON server framework. What it proves: somebody who has the secret made this method, path, query, body
/// and these signed headers, at most 15 minutes ago. What it does not: that it was sent only once.
/// </summary>
/// <remarks>
/// Beyond the framework, an <c>X-Amz-Target</c> header has to be signed (all SDKs do): it names the operation, and what
/// was signed as one operation must not be replayed as another.
/// </remarks>
/// <param name="keys">The access keys.</param>
/// <param name="service">The signing name requests have to be scoped to; <c>fsx</c> here.</param>
/// <param name="time">The clock.</param>
public sealed class SigV4Verifier(ISigningKeys keys, string service, TimeProvider time)
{
    /// <summary>How far a request's clock may be from ours, either way.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(15);

    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    private readonly SigningKeyCache _cache = new();

    /// <summary>The regions callers may sign for; empty for any.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Passes a request whose signature is right.</summary>
    /// <param name="request">The request as received.</param>
    /// <exception cref="FrameworkFault">Why it is refused.</exception>
    public VerifiedSigner Verify(SignedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var presented = PresentedSignature.Of(request);
        CheckDate(presented);
        var signedHeaders = CheckSignedHeaders(request, presented);
        if (presented.Algorithm != CanonicalForm.Algorithm)
            throw FrameworkFault.IncompleteSignature($"Unsupported AWS 'algorithm': '{WireText.Cut(presented.Algorithm, 64)}'.");
        var (accessKeyId, scope) = CheckCredential(presented);
        var secret = keys.Find(accessKeyId) ?? throw FrameworkFault.UnrecognizedClient();
        CheckSignature(request, presented, signedHeaders, accessKeyId, secret.SecretAccessKey, scope);
        CheckSession(secret, presented.SecurityToken);
        return new VerifiedSigner(accessKeyId, scope.Region);
    }

    private void CheckDate(PresentedSignature presented)
    {
        if (!AmzDate.TryParse(presented.Date, out var date))
        {
            throw FrameworkFault.IncompleteSignature(
                $"Date must be in ISO-8601 'basic format'. Got '{WireText.Cut(presented.Date, 64)}'. "
                + "See http://en.wikipedia.org/wiki/ISO_8601.");
        }

        var now = time.GetUtcNow();
        var life = Life(presented);
        if (now - date > life)
        {
            var minutes = life.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture);
            throw FrameworkFault.InvalidSignature(
                $"Signature expired: {presented.Date} is now earlier than {AmzDate.ToText(now - life)} "
                + $"({AmzDate.ToText(now)} - {minutes} min.)");
        }

        if (date - now > MaxSkew)
        {
            throw FrameworkFault.InvalidSignature(
                $"Signature not yet current: {presented.Date} is still later than {AmzDate.ToText(now + MaxSkew)} "
                + $"({AmzDate.ToText(now)} + 15 min.)");
        }
    }

    // A presigned query may shorten the 15 minutes, never extend them.
    private static TimeSpan Life(PresentedSignature presented)
    {
        if (presented.Expires is null)
            return MaxSkew;
        if (!int.TryParse(presented.Expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 604_800)
            throw FrameworkFault.IncompleteSignature("X-Amz-Expires must be a number of seconds from 0 to 604800.");
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxSkew.TotalSeconds));
    }

    private static string[] CheckSignedHeaders(SignedRequest request, PresentedSignature presented)
    {
        string[] names = [.. presented.SignedHeaders.ToLowerInvariant().Split(';').Order(StringComparer.Ordinal)];
        if (!names.Contains("host"))
            throw FrameworkFault.InvalidSignature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
        // A name repeated a thousand times would be a header's value repeated a thousand times in the canonical request.
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
            throw FrameworkFault.InvalidSignature("The 'SignedHeaders' of the AWS Authorization name a header more than once.");
        if (request.Header("X-Amz-Target") is not null && !names.Contains("x-amz-target"))
            throw FrameworkFault.InvalidSignature("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
        return names;
    }

    private (string AccessKeyId, CredentialScope Scope) CheckCredential(PresentedSignature presented)
    {
        var parts = presented.Credential.Split('/');
        if (parts.Length != 5)
        {
            throw FrameworkFault.IncompleteSignature(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, "
                + $"got '{WireText.Cut(presented.Credential, 128)}'");
        }

        var scope = new CredentialScope(parts[1], parts[2], parts[3]);
        var sentences = new StringBuilder();
        if (scope.Region.Length == 0 || (Regions.Count > 0 && !Regions.Contains(scope.Region, StringComparer.Ordinal)))
            sentences.Append($"Credential should be scoped to a valid region, not '{WireText.Cut(scope.Region, 64)}'. ");
        if (scope.Service != service)
            sentences.Append($"Credential should be scoped to correct service: '{service}'. ");
        if (parts[4] != CredentialScope.Terminator)
        {
            sentences.Append($"Credential should be scoped with a valid terminator: '{CredentialScope.Terminator}', ")
                .Append($"not '{WireText.Cut(parts[4], 64)}'. ");
        }

        if (scope.Date != presented.Date[..8])
        {
            sentences.Append("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ")
                .Append($"'{WireText.Cut(scope.Date, 64)}' != '{presented.Date[..8]}', from '{presented.Date}'. ");
        }

        return sentences.Length == 0 ? (parts[0], scope) : throw FrameworkFault.InvalidSignature(sentences.ToString().TrimEnd());
    }

    private void CheckSignature(
        SignedRequest request,
        PresentedSignature presented,
        string[] signedHeaders,
        string accessKeyId,
        string secret,
        CredentialScope scope)
    {
        var canonical = CanonicalForm.Request(request, signedHeaders, PayloadHash(request));
        var stringToSign = CanonicalForm.StringToSign(presented.Date, scope, canonical);
        var key = _cache.GetOrDerive(accessKeyId, secret, scope);
        if (!AreSame(SigningKey.Sign(key, stringToSign), presented.Signature))
        {
            // The canonical string holds nothing the caller did not send; it shows what a proxy changed on the way.
            throw FrameworkFault.InvalidSignature(
                "The request signature we calculated does not match the signature you provided. "
                + "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n"
                + $"The Canonical String for this request should have been\n'{WireText.Cut(canonical, 2048)}'\n\n"
                + $"The String-to-Sign should have been\n'{stringToSign}'\n");
        }

        _cache.Keep(accessKeyId, secret, scope, key);
    }

    private static string PayloadHash(SignedRequest request)
    {
        var hash = CanonicalForm.Hash(request.Body.Span);
        return request.Header("X-Amz-Content-Sha256")?.Trim() switch
        {
            null => hash,
            UnsignedPayload => UnsignedPayload,
            var claimed when claimed == hash => hash,
            _ => throw FrameworkFault.InvalidSignature("The value of 'X-Amz-Content-Sha256' is not the SHA-256 of the body."),
        };
    }

    private void CheckSession(SigningSecret secret, string? token)
    {
        if (secret.SessionToken is null ? token is not null : token is null || !AreSame(secret.SessionToken, token))
            throw FrameworkFault.UnrecognizedClient();
        if (time.GetUtcNow() >= secret.Expiration)
            throw FrameworkFault.ExpiredToken();
    }

    private static bool AreSame(string expected, string presented) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(presented));
}
