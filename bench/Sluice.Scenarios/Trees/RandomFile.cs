using System.Security.Cryptography;

namespace Sluice.Scenarios.Trees;

/// <summary>Writes files of random bytes.</summary>
internal sealed class RandomFile
{
    private const int BlockBytes = 1 << 20;

    private readonly byte[] _block = new byte[BlockBytes];

    /// <summary>Writes one, over what there may be.</summary>
    public void Write(string path, long bytes)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        for (long written = 0; written < bytes; written += BlockBytes)
        {
            var piece = _block.AsSpan(0, (int)Math.Min(BlockBytes, bytes - written));
            RandomNumberGenerator.Fill(piece);
            stream.Write(piece);
        }
    }
}
