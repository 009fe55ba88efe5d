using System.Text;
using BenchmarkDotNet.Attributes;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;

namespace Sluice.Benchmarks;

/// <summary>From the path of a file to its object's key, beside making a string of the path.</summary>
public class KeyMap
{
    private static readonly byte[] FilePath = "project/results/run-0007/part-000042.parquet"u8.ToArray();

    private readonly KeyMapping _mapping = RepositoryPath.TryParse("s3://bucket/prefix", out var repository)
        ? new(FileSystemPath.TryParse("/project")!, repository)
        : throw new InvalidOperationException("The path of the repository is none.");

    [Benchmark(Baseline = true)]
    public string PathToString() => Encoding.UTF8.GetString(FilePath);

    [Benchmark]
    public string PathToKey() => _mapping.TryGetKey(FilePath, isDirectory: false, out var key) is null ? key : throw new InvalidOperationException("It has no key.");
}
