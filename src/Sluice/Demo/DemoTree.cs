namespace Sluice.CommandLine.Demo;

/// <summary>Makes the demo's files: small ones in several directories, a few large ones, a symlink, an empty file, a name of two lines, and
/// one file whose key would be too long.</summary>
internal static class DemoTree
{
    /// <summary>Path of the one entry that can't be exported: its directory's key still fits into S3's 1,024 bytes.</summary>
    private static string TooLong { get; } = $"{string.Join('/', Enumerable.Repeat(new string('d', 195), 5))}/{new string('n', 60)}-too-long.txt";

    /// <summary>Makes <paramref name="count"/> files and the odd ones beneath <paramref name="root"/>.</summary>
    public static void Make(string root, int count, CancellationToken cancellationToken)
    {
        var random = new Random(2018);
        var buffer = new byte[256 << 10];
        for (var i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var directory = Path.Combine(root, $"run-{i % 20:00}");
            Directory.CreateDirectory(directory);
            var length = (int)Math.Min(buffer.Length, Math.Exp((random.NextDouble() * 7) + 4));
            random.NextBytes(buffer.AsSpan(0, length));
            File.WriteAllBytes(Path.Combine(directory, $"sample-{i:00000}.dat"), buffer.AsSpan(0, length));
        }

        var models = Directory.CreateDirectory(Path.Combine(root, "models")).FullName;
        for (var i = 0; i < 3; i++)
        {
            using var file = File.Create(Path.Combine(models, $"checkpoint-{i}.bin"));
            for (var chunk = 0; chunk < 96; chunk++)
            {
                random.NextBytes(buffer);
                file.Write(buffer);
            }
        }

        File.WriteAllText(Path.Combine(root, "empty"), "");
        File.WriteAllText(Path.Combine(root, "two\nlines.txt"), "A name may hold anything but a slash and NUL.\n");
        File.CreateSymbolicLink(Path.Combine(root, "latest"), "models/checkpoint-2.bin");
        var deep = Path.Combine(root, TooLong);
        Directory.CreateDirectory(Path.GetDirectoryName(deep)!);
        File.WriteAllText(deep, "Its key would be longer than the 1,024 bytes S3 allows.\n");
    }
}
