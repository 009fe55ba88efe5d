using System.Text;

namespace Sluice.Core.Paths;

/// <summary>
/// A path beneath a file system's root as callers write it (<c>/dir/file</c>, <c>dir/file/</c>), normalised for matching: no leading or
/// trailing slash, no empty or <c>.</c> component, never <c>..</c>. The empty path is the root. Callers' own spelling is echoed elsewhere, verbatim.
/// </summary>
public sealed record FileSystemPath
{
    private FileSystemPath(string value) => Value = value;

    /// <summary>The root.</summary>
    public static FileSystemPath Root { get; } = new("");

    /// <summary>Normalised path, <c>""</c> for the root.</summary>
    public string Value { get; }

    /// <summary>The path as the kernel takes it.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(Value);

    /// <summary>Normalises <paramref name="text"/>; null where it has a <c>..</c> component or a NUL, which is never allowed.</summary>
    public static FileSystemPath? TryParse(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) return null;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        return parts.Contains("..") ? null : new FileSystemPath(string.Join('/', parts));
    }

    /// <summary>Whether <paramref name="other"/> is this path or lies beneath it, by whole components.</summary>
    public bool Contains(FileSystemPath other) =>
        Value.Length == 0
        || other.Value == Value
        || (other.Value.Length > Value.Length && other.Value[Value.Length] == '/' && other.Value.StartsWith(Value, StringComparison.Ordinal));

    /// <summary>Whether one of the two contains the other.</summary>
    public bool Overlaps(FileSystemPath other) => Contains(other) || other.Contains(this);

    /// <summary>The smallest set that covers the same entries: paths inside another one are dropped, in the order given.</summary>
    public static IReadOnlyList<FileSystemPath> Union(IEnumerable<FileSystemPath> paths)
    {
        var kept = new List<FileSystemPath>();
        foreach (var path in paths)
        {
            if (kept.Exists(other => other.Contains(path))) continue;
            kept.RemoveAll(path.Contains);
            kept.Add(path);
        }

        return kept;
    }

    /// <inheritdoc/>
    public override string ToString() => "/" + Value;
}
