namespace Sluice.Protocol.SigV4;

/// <summary>What a caller signs with.</summary>
public sealed class SigningCredentials
{
    /// <summary>The public half.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The secret half.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>The session token of temporary credentials; null for a long-lived key.</summary>
    public string? SessionToken { get; init; }
}
