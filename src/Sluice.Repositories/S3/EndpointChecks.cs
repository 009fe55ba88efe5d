namespace Sluice.Repositories.S3;

/// <summary>
/// What an endpoint has shown that it verifies of what it is sent. Safe for concurrent use.
/// <code>
/// nothing shown yet: Content-MD5 ─┬─ answers with the CRC-64/NVME: that         (Amazon S3)
///                                 └─ not: a trial ─┬─ refuses another hash than the content's: the signed SHA-256
///                                                  └─ takes it: Content-MD5, for good
/// </code>
/// </summary>
/// <param name="isHashSigned">Whether requests sign the hash of their content at all.</param>
internal sealed class EndpointChecks(bool isHashSigned)
{
    // An MD5 of less is computed faster than a trial is sent.
    private const int LeastTrialBytes = 256 << 10;

    private volatile bool _storesChecksum;
    private volatile bool _lacksChecksum;
    private volatile bool _verifiesHash;
    private int _isTried;

    /// <summary>Whether it has answered with a CRC-64/NVME.</summary>
    public bool StoresChecksum => _storesChecksum;

    /// <summary>Whether it was seen to refuse content whose hash is not the signed one.</summary>
    public bool VerifiesHash => _verifiesHash;

    /// <summary>Whether a Content-MD5 proves what nothing else does.</summary>
    public bool NeedsMd5 => !_storesChecksum && !_verifiesHash;

    /// <summary>A put was answered with or without a checksum.</summary>
    public void Answered(bool withChecksum)
    {
        if (withChecksum) _storesChecksum = true;
        else _lacksChecksum = true;
    }

    /// <summary>Whether the caller, who has so much to send, is to try if the endpoint verifies the hash, and to tell then by <see cref="EndTrial"/>. One does
    /// at a time.</summary>
    public bool TryBeginTrial(int bytes) =>
        bytes >= LeastTrialBytes && isHashSigned && _lacksChecksum && NeedsMd5 && Interlocked.Exchange(ref _isTried, 1) == 0;

    /// <summary>What the trial showed; null for nothing, so that another is due.</summary>
    public void EndTrial(bool? verifies)
    {
        if (verifies == true) _verifiesHash = true;
        else if (verifies is null) Volatile.Write(ref _isTried, 0);
    }
}
