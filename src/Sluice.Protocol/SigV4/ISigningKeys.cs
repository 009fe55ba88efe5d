namespace Sluice.Protocol.SigV4;

/// <summary>The access keys a server knows. Called for each request, from many threads.</summary>
public interface ISigningKeys
{
    /// <summary>The secret behind an access key id; null when nobody has that id.</summary>
    /// <param name="accessKeyId">As the caller presents it.</param>
    SigningSecret? Find(string accessKeyId);
}
