using System.Collections.Frozen;
using Sluice.Protocol.SigV4;

namespace Sluice.Server.Security;

/// <summary>The principals by access key id.</summary>
internal sealed class PrincipalKeys(IEnumerable<Principal> principals) : ISigningKeys
{
    private readonly FrozenDictionary<string, Principal> _principals = principals.ToFrozenDictionary(principal => principal.AccessKeyId, StringComparer.Ordinal);

    public SigningSecret? Find(string accessKeyId) =>
        _principals.TryGetValue(accessKeyId, out var principal) ? new SigningSecret { SecretAccessKey = principal.SecretAccessKey } : null;

    public Principal Get(string accessKeyId) => _principals[accessKeyId];
}
