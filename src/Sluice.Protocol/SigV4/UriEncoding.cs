using System.Text;

namespace Sluice.Protocol.SigV4;

/// <summary>
/// Percent-encoding as SigV4 wants it: every byte of the UTF-8 text but letters, digits and <c>-._~</c>, in upper-case hex.
/// </summary>
internal static class UriEncoding
{
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                encoded.Append((char)octet);
            else
                encoded.Append('%').Append(octet.ToString("X2"));
        }

        return encoded.ToString();
    }
}
