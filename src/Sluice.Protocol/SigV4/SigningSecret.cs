namespace Sluice.Protocol.SigV4;

/// <summary>The secret half of an access key.</summary>
public sealed class SigningSecret
{
    /// <summary>The secret access key.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>The session token that has to come with the key; null for a long-lived key, which comes with none.</summary>
    public string? SessionToken { get; init; }

    /// <summary>When a key with a session token expires; null for never.</summary>
    public DateTimeOffset? Expiration { get; init; }
}
