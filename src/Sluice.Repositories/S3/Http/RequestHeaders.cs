namespace Sluice.Repositories.S3.Http;

/// <summary>The headers of a request, names in lower case, kept in the order in which they are signed.</summary>
internal sealed class RequestHeaders
{
    private readonly List<(string Name, string Value)> _headers;

    /// <summary>None yet.</summary>
    public RequestHeaders() => _headers = new(16);

    /// <summary>The same, for a second request: sending one adds to its headers.</summary>
    public RequestHeaders(RequestHeaders other) => _headers = [.. other._headers];

    /// <summary>All of them, sorted by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Sorted => _headers;

    /// <summary>Adds a header; null leaves it out. A value with a line feed would be another header: <see cref="ArgumentException"/>.</summary>
    public void Add(string name, string? value)
    {
        if (value is null) return;
        if (value.AsSpan().ContainsAny('\r', '\n', '\0')) throw new ArgumentException($"The header '{name}' has a line feed in its value.", nameof(value));
        var at = _headers.Count;
        while (at > 0 && string.CompareOrdinal(_headers[at - 1].Name, name) > 0) at--;
        _headers.Insert(at, (name, value));
    }
}
