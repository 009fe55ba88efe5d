using System.Text;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>
/// A tree that nobody has any business in, beside a file system's root and on the same disk: everything done to it is written down, and what it holds is known.
/// Its files are named as those that may be touched are, so that whoever is led there finds what it looks for.
/// </summary>
internal sealed class Canaries : IDisposable
{
    /// <summary>In every file of it.</summary>
    public const string Secret = "canary: nobody but its owner sees this. ";

    private readonly string _directory;
    private readonly FileWatch _watch = new();
    private readonly SortedDictionary<string, string> _before;

    private Canaries(string directory)
    {
        _directory = directory;
        _before = Describe();
        _watch.AddTree(directory);
    }

    /// <summary>Watches a tree that is there.</summary>
    public static Canaries Of(string directory) => new(directory);

    /// <summary>Makes files of <paramref name="bytes"/> each, full of the secret, and watches them.</summary>
    public static Canaries Make(string directory, IEnumerable<string> names, int bytes)
    {
        var text = new StringBuilder();
        while (text.Length < bytes) text.Append(Secret);
        foreach (var name in names)
        {
            var path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text.ToString(0, bytes));
        }

        return new Canaries(directory);
    }

    /// <summary>Also whether a file is opened that is not part of the tree.</summary>
    public void WatchOpensOf(string path) => _watch.AddOpens(path);

    /// <summary>Nothing was done to it, and it is as it was.</summary>
    public void AssertUntouched(string context)
    {
        var events = _watch.Take();
        Assert.True(events.Count == 0, $"{context}: {events.Count} accesses outside: {string.Join(", ", events.Take(20))}");
        Assert.Equal(_before, Describe());
        _ = _watch.Take();
    }

    /// <summary>Whether a content has anything of a canary.</summary>
    public static bool IsIn(ReadOnlySpan<byte> content) => content.IndexOf(Encoding.UTF8.GetBytes(Secret)) >= 0;

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    // Without the time of access: reading the content here moves it. Whether anybody else read, the watch knows.
    private SortedDictionary<string, string> Describe()
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal) { [""] = FactsOf(_directory) };
        foreach (var entry in new DirectoryInfo(_directory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
            facts[entry.FullName[_directory.Length..]] = FactsOf(entry.FullName) + (entry is FileInfo { LinkTarget: null } ? Digest(entry.FullName) : "");
        return facts;
    }

    private static string FactsOf(string path)
    {
        var facts = FileFacts.Of(path) with { AccessedNs = 0 };
        return $"{facts} {File.GetUnixFileMode(path)} {Attribute(path, "trusted.sluice")} {Attribute(path, "trusted.sluice.object")}";
    }

    private static string Attribute(string path, string name) => Convert.ToHexString(Xattr.TryGet(path, name) ?? []);

    private static string Digest(string path) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
