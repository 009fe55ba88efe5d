using System.Globalization;

namespace Sluice.Scenarios.Trees;

/// <summary>A tree as people have them: many small files, few large ones (log-normal sizes), directories deep and uneven. The same every time.</summary>
internal sealed record MixedTree : FileTree
{
    private const int Seed = 20191124;
    private const double MedianBytes = 16 << 10;
    private const double Sigma = 2;
    private const double FilesPerDirectory = 12;

    // How often a new directory goes into the newest one, not into any: that makes chains.
    private const double ChainShare = 0.6;

    private readonly IReadOnlyList<(string Name, long Bytes)> _files;

    /// <param name="count">How many files.</param>
    public MixedTree(int count)
    {
        _files = Plan(count);
        Bytes = _files.Sum(file => file.Bytes);
    }

    /// <inheritdoc/>
    public override int Files => _files.Count;

    /// <inheritdoc/>
    public override long Bytes { get; }

    /// <inheritdoc/>
    public override string Title => string.Create(
        CultureInfo.InvariantCulture,
        $"{Files:N0} files of mixed sizes ({RunUnit.Text(Bytes)} in all, log-normal with median 16 KiB and sigma 2, up to {_files.Max(file => file.Name.Count(c => c == '/'))} directories deep)");

    /// <inheritdoc/>
    public override void MakeIn(string directory)
    {
        var writer = new RandomFile();
        foreach (var (name, bytes) in _files)
        {
            var path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            writer.Write(path, bytes);
        }
    }

    private static List<(string Name, long Bytes)> Plan(int count)
    {
        var random = new Random(Seed);
        var directories = new List<string> { "" };
        var files = new List<(string Name, long Bytes)>(count);
        for (var number = 0; number < count; number++)
        {
            if (random.NextDouble() < 1 / FilesPerDirectory)
            {
                var parent = random.NextDouble() < ChainShare ? directories[^1] : directories[random.Next(directories.Count)];
                directories.Add($"{parent}d{directories.Count}/");
            }

            var bytes = (long)(MedianBytes * Math.Exp(Sigma * Normal(random)));
            files.Add(($"{directories[random.Next(directories.Count)]}f{number}", bytes));
        }

        return files;
    }

    /// <summary>One value of the standard normal distribution (Box and Muller).</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
