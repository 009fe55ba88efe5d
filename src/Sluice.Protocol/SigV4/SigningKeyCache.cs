using System.Collections.Concurrent;

namespace Sluice.Protocol.SigV4;

/// <summary>
/// Derived keys by (access key id, scope). Bounded: callers choose the region they sign for, so a full
/// cache is emptied. A key derived from another secret (a rotated one) is never returned.
/// </summary>
internal sealed class SigningKeyCache
{
    public const int Capacity = 256;

    private readonly ConcurrentDictionary<(string AccessKeyId, CredentialScope Scope), (string Secret, byte[] Key)> _keys = new();

    public int Count => _keys.Count;

    /// <summary>The cached key, or one derived now; it is not kept before <see cref="Keep"/>.</summary>
    public byte[] GetOrDerive(string accessKeyId, string secret, CredentialScope scope) =>
        _keys.TryGetValue((accessKeyId, scope), out var known) && known.Secret == secret
            ? known.Key
            : SigningKey.Derive(secret, scope);

    /// <summary>Keeps a key that has verified a signature: only who has the secret can fill the cache.</summary>
    public void Keep(string accessKeyId, string secret, CredentialScope scope, byte[] key)
    {
        if (_keys.TryGetValue((accessKeyId, scope), out var known) && known.Secret == secret)
            return;
        if (_keys.Count >= Capacity)
            _keys.Clear();
        _keys[(accessKeyId, scope)] = (secret, key);
    }
}
