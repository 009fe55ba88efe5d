using System.Text;

namespace Sluice.Repositories;

/// <summary>What every repository demands of a key (Amazon S3 user guide, "Naming Amazon S3 objects").</summary>
internal static class ObjectKeys
{
    private const int MaxBytes = 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses a key that no repository can store.</summary>
    /// <exception cref="RepositoryException"><see cref="RepositoryErrorCode.KeyRefused"/>.</exception>
    public static void Check(string key)
    {
        try
        {
            var bytes = Strict.GetByteCount(key);
            if (bytes is 0 or > MaxBytes) throw Refused($"The key has {bytes} bytes; expected 1 to 1,024.");
        }
        catch (EncoderFallbackException)
        {
            throw Refused("The key is no valid Unicode text.");
        }
    }

    /// <summary>The order of listings: by the bytes of UTF-8, which is not the order of UTF-16 code units.</summary>
    public static int Compare(string a, string b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b));

    private static RepositoryException Refused(string message) => new(RepositoryErrorCode.KeyRefused, message, isTransient: false);
}
