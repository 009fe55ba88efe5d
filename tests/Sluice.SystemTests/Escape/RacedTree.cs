using System.Globalization;
using Sluice.TestKit;

namespace Sluice.SystemTests.Escape;

/// <summary>
/// A tree in which names stand for one thing and, a moment later, for another. What can be exchanged with what:
/// <code>
/// dir/                 a symlink to the canaries of the same names
/// deep/a/              a symlink to other canaries, above the directory that is worked in
/// moved/               a directory outside the root: then it is out there itself, in the midst of being worked in
/// files/f0 … f9        symlinks to canaries, FIFOs, devices, directories
/// plain/               nothing: there the task does its work
/// </code>
/// </summary>
internal sealed class RacedTree
{
    /// <summary>Files in each directory.</summary>
    public const int Files = 8;

    /// <summary>Bytes of each file.</summary>
    public const int FileBytes = 6000;

    private readonly string _outside;

    private RacedTree(string folder, string directory, string outside) => (Folder, Path, _outside) = (folder, directory, outside);

    /// <summary>Its path in the file system.</summary>
    public string Folder { get; }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>Where the canaries are that it may lead to.</summary>
    public string Mirror => System.IO.Path.Combine(_outside, "mirror");

    /// <summary>What is to be watched for being opened.</summary>
    public IReadOnlyList<string> Specials { get; private set; } = [];

    /// <summary>Names of the files in directories that can be exchanged, and above them.</summary>
    public static IReadOnlyList<string> Exchanged { get; } = [.. Names("dir"), .. Names("deep/a/b"), .. Names("files")];

    /// <summary>Names of the files that stay what they are.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Names("plain")];

    /// <summary>Makes the files.</summary>
    /// <param name="root">The file system's root.</param>
    /// <param name="folder">Its name in there.</param>
    /// <param name="outside">An empty directory outside the root, on the same file system.</param>
    public static RacedTree Make(string root, string folder, string outside)
    {
        var tree = new RacedTree(folder, System.IO.Path.Combine(root, folder), outside);
        Directory.CreateDirectory(outside);
        foreach (var (name, index) in Exchanged.Concat(Plain).Concat(Names("moved")).Concat(Names("moved/sub")).Select((name, index) => (name, index)))
            tree.Write(System.IO.Path.Combine(tree.Path, name), index);
        return tree;
    }

    /// <summary>Makes what the names stand for the other moment.</summary>
    public async Task MakeOthersAsync(CancellationToken cancellationToken)
    {
        File.CreateSymbolicLink(this["dir.other"], System.IO.Path.Combine(Mirror, "dir"));
        File.CreateSymbolicLink(this["deep/a.other"], System.IO.Path.Combine(Mirror, "deep/a"));
        foreach (var (name, index) in Names("moved").Concat(Names("moved/sub")).Select((name, index) => (name, index)))
            Write(System.IO.Path.Combine(_outside, name), index + 1000);
        var specials = new List<string>();
        for (var i = 0; i < Files; i++)
        {
            var other = this[$"files/f{i}.other"];
            switch (i % 4)
            {
                case 0:
                    File.CreateSymbolicLink(other, System.IO.Path.Combine(Mirror, $"files/f{i}"));
                    break;
                case 1:
                    await RunAsync("mkfifo", cancellationToken, other);
                    specials.Add(other);
                    break;
                case 2:
                    // What reading /dev/zero gives is harmless, and opening it is seen all the same.
                    await RunAsync("mknod", cancellationToken, other, "c", "1", "5");
                    specials.Add(other);
                    break;
                default:
                    Write(System.IO.Path.Combine(other, "f0"), i + 2000);
                    break;
            }
        }

        Specials = specials;
    }

    /// <summary>The names to exchange; which ones, the seed says.</summary>
    public IReadOnlyList<(string One, string Other)> Pairs(Random random)
    {
        var all = new List<(string, string)>
        {
            (this["dir"], this["dir.other"]), (this["deep/a"], this["deep/a.other"]), (this["moved"], System.IO.Path.Combine(_outside, "moved")),
        };
        all.AddRange(Enumerable.Range(0, Files).Select(i => (this[$"files/f{i}"], this[$"files/f{i}.other"])));

        // Few of them are exchanged more often.
        var chosen = all.Where(_ => random.Next(2) == 0).ToList();
        return chosen.Count > 0 ? chosen : all;
    }

    private string this[string name] => System.IO.Path.Combine(Path, name);

    private static IEnumerable<string> Names(string directory) => Enumerable.Range(0, Files).Select(i => string.Create(CultureInfo.InvariantCulture, $"{directory}/f{i}"));

    private void Write(string path, int index)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, TestContent.Bytes((ulong)index + (ulong)Folder.Length, FileBytes));
    }

    private static async Task RunAsync(string tool, CancellationToken cancellationToken, params string[] arguments) =>
        (await ProcessRunner.RunAsync(new(Require.Tool(tool)) { Arguments = arguments }, cancellationToken)).EnsureSuccess();
}
