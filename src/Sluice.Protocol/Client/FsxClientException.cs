namespace Sluice.Protocol.Client;

/// <summary>The service refused a request, or its answer could not be read.</summary>
public sealed class FsxClientException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">The wire code.</param>
    /// <param name="message">The service's own words.</param>
    public FsxClientException(string code, string message)
        : base(message) => Code = code;

    /// <summary>The wire code: <c>DataRepositoryTaskEnded</c>; the HTTP status as text when the answer names none.</summary>
    public string Code { get; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The value of <c>x-amzn-RequestId</c>; null when the answer has none.</summary>
    public string? RequestId { get; init; }
}
