using System.IO.Enumeration;
using BenchmarkDotNet.Attributes;
using Sluice.Posix;
using Sluice.TestKit;

namespace Sluice.Benchmarks;

/// <summary>A walk with everything statx(2) tells of each entry, in memory where there is a tmpfs, beside the library's enumeration that looks at sizes.</summary>
public class Walk
{
    private const int Directories = 10;
    private const int FilesEach = 100;

    private TempDirectory? _tree;
    private Fd? _root;

    [GlobalSetup]
    public void Setup()
    {
        _tree = TempDirectory.Create(Directory.Exists("/dev/shm") ? "/dev/shm" : null);
        for (var directory = 0; directory < Directories; directory++)
        {
            var path = Directory.CreateDirectory(_tree[$"d{directory}"]).FullName;
            for (var file = 0; file < FilesEach; file++) File.WriteAllBytes(Path.Combine(path, $"f{file}"), []);
        }

        _root = FileSystemCalls.OpenRoot(_tree.Path);
    }

    [Benchmark(Baseline = true)]
    public long Enumerate()
    {
        var sizes = new FileSystemEnumerable<long>(
            _tree!.Path, static (ref entry) => entry.Length, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
        var entries = 0L;
        foreach (var size in sizes) entries += size + 1;
        return entries;
    }

    [Benchmark]
    public long TreeWalk()
    {
        using var walk = new TreeWalk(_root!, []);
        var entries = 0L;
        while (walk.MoveNext()) entries++;
        return entries;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _root?.Dispose();
        _tree?.Delete();
    }
}
