using System.Security.Cryptography;
using System.Text;

namespace Sluice.Protocol.SigV4;

/// <summary>The key derived from a secret for one day, region and service.</summary>
internal static class SigningKey
{
    /// <summary>Derives the key: four HMACs over the parts of the scope.</summary>
    public static byte[] Derive(string secret, CredentialScope scope)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (ReadOnlySpan<string>)[scope.Date, scope.Region, scope.Service, CredentialScope.Terminator])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return key;
    }

    /// <summary>The signature, 64 lower-case hex digits.</summary>
    public static string Sign(byte[] key, string stringToSign) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(stringToSign)));
}
