using System.Security.Cryptography;

namespace Sluice.Scenarios;

/// <summary>Export of one tree into an empty bucket.</summary>
/// <param name="Name">Name on the command line and in the results.</param>
/// <param name="Files">How many files.</param>
/// <param name="FileBytes">Size of each.</param>
internal sealed record ExportScenario(string Name, int Files, long FileBytes)
{
    private const int FilesPerDirectory = 1000;
    private const int BlockBytes = 1 << 20;

    /// <summary>All bytes.</summary>
    public long Bytes => Files * FileBytes;

    /// <summary>Room the S3 server needs: data, and a good KiB for each object's own record.</summary>
    public long StoreBytes => (Bytes * 5 / 4) + (Files * 12_288L) + (1L << 30);

    /// <summary>What it measures, in words.</summary>
    public string Title => Files == 1
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"one file of {FileBytes / (double)(1 << 30):0.##} GiB")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Files:N0} files of {FileBytes / 1024:N0} KiB");

    /// <summary>Makes the tree of random bytes, which nothing on the way can compress.</summary>
    public void MakeTree(string directory)
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
