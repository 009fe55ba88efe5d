using System.Buffers;
using System.Text;

namespace Sluice.Repositories.S3.Http;

/// <summary>Where the objects of one bucket are: connection, <c>Host</c> header, and the path of a key.</summary>
internal sealed class HttpAddress
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    private readonly string _prefix;

    /// <param name="bucket">URL of the bucket; http or https.</param>
    public HttpAddress(Uri bucket)
    {
        IsEncrypted = bucket.Scheme == Uri.UriSchemeHttps;
        HostName = bucket.IdnHost;
        Port = bucket.Port;
        Host = bucket.IsDefaultPort ? HostName : $"{HostName}:{Port}";
        _prefix = bucket.AbsolutePath.TrimEnd('/') + "/";
    }

    /// <summary>Whether the connection is TLS.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Name to connect to, and of the certificate.</summary>
    public string HostName { get; }

    /// <summary>Port to connect to.</summary>
    public int Port { get; }

    /// <summary>Value of the header.</summary>
    public string Host { get; }

    /// <summary>The path of a key, each byte but the unreserved and slashes escaped, as S3 signs it: once, and not normalised.</summary>
    public string PathOf(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        if (!bytes.AsSpan().ContainsAnyExcept(Unreserved)) return _prefix + key;
        var text = new StringBuilder(_prefix.Length + (bytes.Length * 2)).Append(_prefix);
        foreach (var value in bytes)
        {
            if (Unreserved.Contains(value)) text.Append((char)value);
            else text.Append('%').Append(Convert.ToHexString([value]));
        }

        return text.ToString();
    }
}
