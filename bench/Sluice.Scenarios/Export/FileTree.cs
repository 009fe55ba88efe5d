using System.Globalization;
using System.Security.Cryptography;

namespace Sluice.Scenarios.Export;

/// <summary>A tree of equal files, a thousand in a directory.</summary>
/// <param name="Files">How many files.</param>
/// <param name="FileBytes">Size of each.</param>
internal sealed record FileTree(int Files, long FileBytes)
{
    private const int FilesPerDirectory = 1000;
    private const int BlockBytes = 1 << 20;

    /// <summary>All bytes.</summary>
    public long Bytes => Files * FileBytes;

    /// <summary>Room the S3 server needs: data, and a good KiB for each object's own record.</summary>
    public long StoreBytes => (Bytes * 5 / 4) + (Files * 12_288L) + (1L << 30);

    /// <summary>What it is, in words.</summary>
    public string Title => Files == 1
        ? $"one file of {RunUnit.Text(FileBytes)}"
        : string.Create(CultureInfo.InvariantCulture, $"{Files:N0} files of {RunUnit.Text(FileBytes)}");

    /// <summary>Makes the tree of random bytes, which nothing on the way can compress.</summary>
    public void MakeIn(string directory)
    {
        var block = new byte[Math.Min(BlockBytes, FileBytes)];
        for (var file = 0; file < Files; file++)
        {
            var parent = Path.Combine(directory, $"d{file / FilesPerDirectory:0000}");
            if (file % FilesPerDirectory == 0) Directory.CreateDirectory(parent);
            using var stream = new FileStream(Path.Combine(parent, $"f{file % FilesPerDirectory:0000}"), FileMode.Create, FileAccess.Write, FileShare.None, 1);
            for (long written = 0; written < FileBytes; written += block.Length)
            {
                RandomNumberGenerator.Fill(block);
                stream.Write(block.AsSpan(0, (int)Math.Min(block.Length, FileBytes - written)));
            }
        }
    }
}
