namespace Sluice.Protocol.SigV4;

/// <summary>Signs requests with AWS Signature Version 4, by headers.</summary>
/// <param name="credentials">Who signs.</param>
/// <param name="region">The region in the scope.</param>
/// <param name="service">The signing name of the service; <c>fsx</c> here.</param>
/// <param name="time">The clock.</param>
public sealed class SigV4Signer(SigningCredentials credentials, string region, string service, TimeProvider time)
{
    /// <summary>
    /// The headers to add to a request: <c>X-Amz-Date</c>, <c>Authorization</c>, and <c>X-Amz-Security-Token</c> with temporary
    /// credentials. Every header of the request is signed: give those that nobody changes on the way, and among
    /// them <c>host</c>.
    /// </summary>
    /// <param name="request">The request, without these headers.</param>
    public IReadOnlyList<KeyValuePair<string, string>> Sign(SignedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var amzDate = AmzDate.ToText(time.GetUtcNow());
        var scope = new CredentialScope(amzDate[..8], region, service);
        var added = new List<KeyValuePair<string, string>> { new("X-Amz-Date", amzDate) };
        if (credentials.SessionToken is { } token)
            added.Add(new("X-Amz-Security-Token", token));

        var complete = request with { Headers = [.. request.Headers, .. added] };
        string[] names = [.. complete.Headers
            .Select(static header => header.Key.ToLowerInvariant())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
        var canonical = CanonicalForm.Request(complete, names, CanonicalForm.Hash(request.Body.Span));
        var key = SigningKey.Derive(credentials.SecretAccessKey, scope);
        var signature = SigningKey.Sign(key, CanonicalForm.StringToSign(amzDate, scope, canonical));
        added.Add(new(
            "Authorization",
            $"{CanonicalForm.Algorithm} Credential={credentials.AccessKeyId}/{scope}, "
            + $"SignedHeaders={string.Join(';', names)}, Signature={signature}"));
        return added;
    }
}
