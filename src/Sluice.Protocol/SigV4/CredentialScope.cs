namespace Sluice.Protocol.SigV4;

/// <summary>What a signing key is good for.</summary>
/// <param name="Date">UTC day, <c>yyyyMMdd</c>.</param>
/// <param name="Region">Region the caller signed for.</param>
/// <param name="Service">Signing name of the service.</param>
internal readonly record struct CredentialScope(string Date, string Region, string Service)
{
    public const string Terminator = "aws4_request";

    public override string ToString() => $"{Date}/{Region}/{Service}/{Terminator}";
}
