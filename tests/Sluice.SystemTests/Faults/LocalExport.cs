using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary><c>sluice export</c> of a flat tree to a bucket in a directory, in processes of its own that may lack something.</summary>
internal sealed class LocalExport : IAsyncDisposable
{
    private readonly TempDirectory _temp;
    private readonly string _root;
    private readonly int _files;

    private LocalExport(TempDirectory temp, string root, int files) => (_temp, _root, _files) = (temp, root, files);

    private string Objects => _temp["buckets/local-bucket/objects"];

    /// <param name="root">Where the files are made; null for a directory of its own.</param>
    /// <param name="files">How many.</param>
    /// <param name="fileBytes">Size of each.</param>
    public static LocalExport Create(string? root, int files, int fileBytes)
    {
        var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["buckets/local-bucket"]);
        File.WriteAllText(temp["settings.json"], $$"""{ "buckets": [ { "bucket": "*", "directory": "{{temp["buckets"]}}" } ] }""");
        root = Directory.CreateDirectory(Path.Combine(root ?? temp.Path, "src")).FullName;
        var tree = new TreeBuilder();
        for (var i = 0; i < files; i++) tree.File($"file-{i}", fileBytes, (ulong)i);
        tree.MakeIn(root);
        return new LocalExport(temp, root, files);
    }

    /// <summary>Runs it.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="under">Takes something from the program; null for nothing.</param>
    public Task<ProcessResult> RunAsync(CancellationToken cancellationToken, Func<ProcessSpec, ProcessSpec>? under = null)
    {
        var program = Cli.Spec(Cli.Bare, ["export", _root, "s3://local-bucket", "--state", _temp["state"], "--config", _temp["settings.json"]]);
        return ProcessRunner.RunAsync(under?.Invoke(program) ?? program, cancellationToken);
    }

    /// <summary>Keys of the files' objects.</summary>
    public IReadOnlyList<string> Keys() => Directory.Exists(Objects) ? [.. Directory.EnumerateFiles(Objects).Select(path => Path.GetFileName(path))] : [];

    /// <summary>An object is what its file is.</summary>
    public void AssertStored(string key) =>
        Assert.True(File.ReadAllBytes(Path.Combine(_root, key)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Objects, key))), key);

    /// <summary>All are there, and nothing besides.</summary>
    public void AssertWhole()
    {
        Assert.Equal(_files, Keys().Count);
        foreach (var key in Keys()) AssertStored(key);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp["buckets/local-bucket/staging"]));
    }

    public ValueTask DisposeAsync() => _temp.DisposeAsync();
}
