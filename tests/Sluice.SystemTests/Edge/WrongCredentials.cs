using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge;

/// <summary>The ways a credential can be wrong: how each request is made, and the code it is refused with.</summary>
internal static class WrongCredentials
{
    private const string Incomplete = "IncompleteSignatureException";
    private const string Invalid = "InvalidSignatureException";
    private const string Unrecognized = "UnrecognizedClientException";
    private const string Missing = "MissingAuthenticationTokenException";
    private const string OtherSecret = "another secret than the one of the access key id";

    public delegate ApiRequest Maker(EdgeServer edge, OperationInfo operation, byte[] body);

    /// <summary>Each by its name.</summary>
    public static IReadOnlyDictionary<string, (Maker Make, string Code)> All { get; } = new Dictionary<string, (Maker, string)>
    {
        ["none"] = (Changed(request => request.With("Authorization", null)), Missing),
        ["an unknown key"] = (Changed(Replaced("Credential=", "Credential=X")), Unrecognized),
        ["another secret"] = ((edge, operation, body) => new ApiSigner(edge.Host, edge.Server.Credentials.AccessKeyId, OtherSecret).Signed(operation.Target, body), Invalid),
        ["an empty secret"] = ((edge, operation, body) => new ApiSigner(edge.Host, edge.Server.Credentials.AccessKeyId, "").Signed(operation.Target, body), Invalid),
        ["a scope of another day"] = (Changed(request => Replaced($"/{request["X-Amz-Date"]![..8]}/", "/20200101/")(request)), Invalid),
        ["a scope of another region"] = (Changed(Replaced("/us-east-1/", "/us-west-2/")), Invalid),
        ["a scope of no region"] = (Changed(Replaced("/us-east-1/", "//")), Invalid),
        ["a scope of another service"] = (Changed(Replaced("/fsx/", "/s3/")), Invalid),
        ["a scope with another end"] = (Changed(Replaced("/aws4_request", "/aws4")), Invalid),
        ["a scope with a part missing"] = (Changed(Replaced("/us-east-1/", "/")), Incomplete),
        ["another algorithm"] = (Changed(Replaced("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")), Incomplete),
        ["for another host"] = (
            (edge, operation, body) => new ApiSigner("other.example", edge.Server.Credentials.AccessKeyId, edge.Server.Credentials.SecretAccessKey)
                .Signed(operation.Target, body).With("Host", edge.Host),
            Invalid),
        ["for another body"] = (Changed(request => request with { Body = [.. request.Body, (byte)' '] }), Invalid),
        ["for another path"] = (Changed(request => request with { Path = "/other" }), Invalid),
        ["for a query that is not there"] = (Changed(request => request with { Path = "/?a=b" }), Invalid),
        ["for another operation"] = (
            (edge, operation, body) => edge.Administrator().Signed(Other(operation).Target, body).With("X-Amz-Target", operation.Target), Invalid),
        ["for another content type"] = (Changed(request => request.With("Content-Type", ApiSigner.ContentType + "; charset=utf-8")), Invalid),
        ["without the host"] = (Changed(Replaced("host;", "")), Invalid),
        ["without the target"] = (Changed(Replaced(";x-amz-target", "")), Invalid),
        ["with a header that is not there"] = (Changed(Replaced("x-amz-target", "x-amz-target;x-missing")), Invalid),
        ["with a header twice"] = (Changed(Replaced("host;", "host;host;")), Invalid),
        ["of sixteen minutes ago"] = (At(TimeSpan.FromMinutes(-16)), Invalid),
        ["of yesterday"] = (At(TimeSpan.FromDays(-1)), Invalid),
        ["of sixteen minutes ahead"] = (At(TimeSpan.FromMinutes(16)), Invalid),
        ["with no date"] = (Changed(request => request.With("X-Amz-Date", null)), Incomplete),
        ["with a date in words"] = (Changed(request => request.With("X-Amz-Date", "Mon, 23 Nov 2026 12:00:00 GMT")), Incomplete),
        ["with a date of a second later"] = (Changed(request => request.With("X-Amz-Date", Later(request["X-Amz-Date"]!))), Invalid),
        ["the algorithm alone"] = (Changed(request => request.With("Authorization", "AWS4-HMAC-SHA256")), Incomplete),
        ["basic"] = (Changed(request => request.With("Authorization", "Basic c2x1aWNlOnNsdWljZQ==")), Incomplete),
        ["bearer"] = (Changed(request => request.With("Authorization", "Bearer abc")), Incomplete),
        ["no signature"] = (Changed(request => request.With("Authorization", request["Authorization"]![..request["Authorization"]!.IndexOf(", Signature", StringComparison.Ordinal)])), Incomplete),
        ["a signature cut short"] = (Changed(request => request.With("Authorization", request["Authorization"]![..^1])), Invalid),
        ["a signature in capitals"] = (Changed(request => request.With("Authorization", Capitals(request["Authorization"]!))), Invalid),
        ["two"] = (Changed(request => request.And("Authorization", request["Authorization"]!)), Incomplete),
        ["by header and by query"] = (Changed(request => request with { Path = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" }), Invalid),
        ["by query, with parts missing"] = (Changed(request => request.With("Authorization", null) with { Path = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" }), Incomplete),
        ["an unsigned payload claimed"] = (Changed(request => request.And("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")), Invalid),
        ["a hash of another payload claimed"] = (Changed(request => request.And("X-Amz-Content-Sha256", new string('0', 64))), Invalid),
        ["a session token nobody gave"] = (Changed(request => request.And("X-Amz-Security-Token", "token")), Unrecognized),
    };

    private static Maker Changed(Func<ApiRequest, ApiRequest> change) => (edge, operation, body) => change(edge.Administrator().Signed(operation.Target, body));

    private static Maker At(TimeSpan offset) =>
        (edge, operation, body) => edge.Administrator().Sign(edge.Administrator().Unsigned(operation.Target, body), TimeProvider.System.GetUtcNow() + offset);

    private static Func<ApiRequest, ApiRequest> Replaced(string was, string becomes) =>
        request => request.With("Authorization", request["Authorization"]!.Replace(was, becomes, StringComparison.Ordinal));

    private static OperationInfo Other(OperationInfo operation) =>
        operation.Name == FsxOperations.DescribeFileSystems.Info.Name ? FsxOperations.DescribeDataRepositoryTasks.Info : FsxOperations.DescribeFileSystems.Info;

    // The last second of a minute becomes another one of the same minute.
    private static string Later(string date) => date[..^2] + (date[^2] == '0' ? '1' : '0') + "Z";

    private static string Capitals(string authorization)
    {
        var start = authorization.LastIndexOf('=') + 1;
        return authorization[..start] + authorization[start..].ToUpperInvariant();
    }
}
