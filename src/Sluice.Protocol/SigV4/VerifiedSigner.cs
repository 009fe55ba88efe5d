namespace Sluice.Protocol.SigV4;

/// <summary>Who signed a request; proved.</summary>
/// <param name="AccessKeyId">The access key.</param>
/// <param name="Region">The region it was signed for.</param>
public sealed record VerifiedSigner(string AccessKeyId, string Region);
