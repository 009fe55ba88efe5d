namespace Sluice.SystemTests.Cancel;

/// <summary>What the object of an entry has to hold.</summary>
/// <param name="Content">Its bytes.</param>
internal sealed record ExpectedObject(byte[] Content)
{
    /// <summary>ETag of an object that was sent in one piece: its MD5.</summary>
#pragma warning disable CA5351 // S3 defines the ETag as MD5; this is no security.
    public string ETag { get; } = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Content));
#pragma warning restore CA5351
}
