using Sluice.Protocol.Constraints;

namespace Sluice.Protocol.Faults;

/// <summary>
/// A refusal by what lies before an operation: reading, authentication, constraint checks, admission. The codes are
/// those of the AWS JSON server framework and not errors of the service model, except <c>BadRequest</c>, which this
/// service answers for constraint violations.
/// </summary>
public sealed class FrameworkFault : Exception
{
    private FrameworkFault(string code, string message, int status = 400)
        : base(message)
    {
        Code = code;
        Status = status;
    }

    /// <summary>The wire code (<c>__type</c>).</summary>
    public string Code { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The violated constraints when that is what happened; else empty.</summary>
    public IReadOnlyList<Violation> Violations { get; private init; } = [];

    /// <summary>No such operation, or not called the way this protocol is.</summary>
    /// <param name="message">What was wrong with the call.</param>
    public static FrameworkFault UnknownOperation(string message) => new("UnknownOperationException", message);

    /// <summary>The body could not be read as the input of its operation.</summary>
    /// <param name="message">What was found where.</param>
    public static FrameworkFault Serialization(string message) => new("SerializationException", message);

    /// <summary>Constraint violations, all in one text.</summary>
    /// <param name="violations">At least one.</param>
    public static FrameworkFault InvalidRequest(IReadOnlyList<Violation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        var noun = violations.Count == 1 ? "validation error" : "validation errors";
        return new("BadRequest", $"{violations.Count} {noun} detected: {string.Join("; ", violations)}") { Violations = violations };
    }

    /// <summary>The request is not signed at all.</summary>
    public static FrameworkFault MissingAuthenticationToken() =>
        new("MissingAuthenticationTokenException", "Missing Authentication Token");

    /// <summary>The signature lacks a part or has one in the wrong form.</summary>
    /// <param name="message">Which.</param>
    public static FrameworkFault IncompleteSignature(string message) => new("IncompleteSignatureException", message);

    /// <summary>The signature is complete and wrong, expired or for something else.</summary>
    /// <param name="message">Why.</param>
    public static FrameworkFault InvalidSignature(string message) => new("InvalidSignatureException", message);

    /// <summary>Unknown access key id, or a session token nobody issued.</summary>
    public static FrameworkFault UnrecognizedClient() =>
        new("UnrecognizedClientException", "The security token included in the request is invalid.");

    /// <summary>The session token was good once.</summary>
    public static FrameworkFault ExpiredToken() =>
        new("ExpiredTokenException", "The security token included in the request is expired.");

    /// <summary>Authenticated, but not allowed.</summary>
    /// <param name="message">Who may not do what on which resource.</param>
    public static FrameworkFault AccessDenied(string message) => new("AccessDeniedException", message);

    /// <summary>Too many requests; every SDK tries again.</summary>
    public static FrameworkFault Throttling() => new("ThrottlingException", "Rate exceeded");

    /// <summary>The server is stopping or overloaded; every SDK tries again.</summary>
    /// <param name="message">What is the matter.</param>
    public static FrameworkFault ServiceUnavailable(string message) => new("ServiceUnavailable", message, 503);

    /// <summary>The body is larger than the server reads.</summary>
    /// <param name="limitBytes">The limit in bytes.</param>
    public static FrameworkFault RequestEntityTooLarge(long limitBytes) =>
        new("RequestEntityTooLargeException", $"The body is larger than {limitBytes} bytes.", 413);

    /// <summary>The request did not come in time.</summary>
    /// <param name="message">What was too slow.</param>
    public static FrameworkFault RequestTimeout(string message) => new("RequestTimeoutException", message, 408);

    /// <summary>The request could not be read before it ended.</summary>
    /// <param name="message">What was wrong.</param>
    public static FrameworkFault MalformedHttpRequest(string message) => new("MalformedHttpRequestException", message);
}
