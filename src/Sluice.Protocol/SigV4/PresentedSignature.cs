using Sluice.Protocol.Faults;

namespace Sluice.Protocol.SigV4;

/// <summary>The parts of a signature as a request presents them, by header or by query; nothing about them is proved.</summary>
internal sealed record PresentedSignature
{
    private static readonly string[] HeaderParts = ["Credential", "Signature", "SignedHeaders"];

    private static readonly string[] QueryParts =
        ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"];

    public required string Algorithm { get; init; }

    public required string Credential { get; init; }

    public required string SignedHeaders { get; init; }

    public required string Signature { get; init; }

    public required string Date { get; init; }

    /// <summary>The session token; null when there is none.</summary>
    public string? SecurityToken { get; init; }

    /// <summary>Seconds the signature is good for, as a presigned query limits it; null by header.</summary>
    public string? Expires { get; init; }

    /// <summary>Finds the signature of a request.</summary>
    /// <exception cref="FrameworkFault">It has none, two, or one with a part missing.</exception>
    public static PresentedSignature Of(SignedRequest request)
    {
        var query = CanonicalForm.Parameters(request.Query).ToList();
        var isInQuery = query.Exists(static parameter => parameter.Key == "X-Amz-Algorithm");
        string[] authorization = [.. request.Values("Authorization")];
        const string both = "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.";
        return (authorization.Length, isInQuery) switch
        {
            ( > 0, true) => throw FrameworkFault.InvalidSignature(both),
            (0, false) => throw FrameworkFault.MissingAuthenticationToken(),
            (0, true) => InQuery(query),
            (1, _) => InHeader(request, authorization[0].Trim()),
            _ => throw FrameworkFault.IncompleteSignature("The Authorization header is there more than once."),
        };
    }

    private static PresentedSignature InHeader(SignedRequest request, string authorization)
    {
        var space = authorization.IndexOf(' ', StringComparison.Ordinal);
        var parameters = authorization[(space + 1)..]
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static part => part.Split('=', 2))
            .Where(static part => part.Length == 2)
            .Select(static part => KeyValuePair.Create(part[0], part[1]))
            .ToList();
        var date = request.Header("X-Amz-Date") ?? request.Header("Date");
        var missing = HeaderParts
            .Where(name => Single(parameters, name) is null)
            .Select(static name => $"Authorization header requires '{name}' parameter. ");
        if (string.IsNullOrEmpty(date))
            missing = missing.Append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ");
        var sentences = string.Concat(missing);
        if (sentences.Length > 0)
            throw FrameworkFault.IncompleteSignature($"{sentences}Authorization={WireText.Cut(authorization, 512)}");
        return new PresentedSignature
        {
            Algorithm = space < 0 ? "" : authorization[..space],
            Credential = Single(parameters, "Credential")!,
            SignedHeaders = Single(parameters, "SignedHeaders")!,
            Signature = Single(parameters, "Signature")!,
            Date = date!.Trim(),
            SecurityToken = request.Header("X-Amz-Security-Token"),
        };
    }

    private static PresentedSignature InQuery(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        var sentences = string.Concat(QueryParts
            .Where(name => Single(query, name) is null)
            .Select(static name => $"AWS query-string parameters must include '{name}'. "));
        if (sentences.Length > 0)
            throw FrameworkFault.IncompleteSignature(sentences + "Re-examine the query-string parameters.");
        return new PresentedSignature
        {
            Algorithm = Single(query, "X-Amz-Algorithm")!,
            Credential = Single(query, "X-Amz-Credential")!,
            Signature = Single(query, "X-Amz-Signature")!,
            SignedHeaders = Single(query, "X-Amz-SignedHeaders")!,
            Date = Single(query, "X-Amz-Date")!,
            SecurityToken = Single(query, "X-Amz-Security-Token"),
            Expires = Single(query, "X-Amz-Expires"),
        };
    }

    // A parameter that is there twice says nothing certain: as good as missing.
    private static string? Single(IEnumerable<KeyValuePair<string, string>> parameters, string name)
    {
        string[] values = [.. parameters
            .Where(parameter => parameter.Key == name && parameter.Value.Length > 0)
            .Select(static parameter => parameter.Value)];
        return values.Length == 1 ? values[0] : null;
    }
}
