using System.Diagnostics.CodeAnalysis;

namespace Sluice.Core.Repositories;

/// <summary>A parsed <c>s3://bucket[/prefix[/]]</c>. The prefix is empty or ends in a slash: it is a path, never a raw string prefix.</summary>
public readonly record struct RepositoryPath
{
    private const string Scheme = "s3://";

    private RepositoryPath(string bucket, string prefix) => (Bucket, Prefix) = (bucket, prefix);

    /// <summary>Name of the bucket.</summary>
    public string Bucket { get; }

    /// <summary>Key prefix: empty, or ending in a slash.</summary>
    public string Prefix { get; }

    /// <summary>Parses an s3 path. Fails where the scheme is another, or the bucket name is empty or not 3 to 63 characters
    /// of lower-case letters, digits, dots and hyphens that begin and end with a letter or digit (S3's bucket naming rules).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RepositoryPath path)
    {
        path = default;
        if (text is null || !text.StartsWith(Scheme, StringComparison.Ordinal)) return false;
        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        var prefix = slash < 0 ? "" : rest[(slash + 1)..];
        if (!IsBucketName(bucket)) return false;
        if (prefix.Length > 0 && !prefix.EndsWith('/')) prefix += "/";
        path = new RepositoryPath(bucket, prefix);
        return true;
    }

    /// <summary>Whether one of the two lies inside the other.</summary>
    public bool Overlaps(RepositoryPath other) => Contains(other) || other.Contains(this);

    /// <summary>Whether <paramref name="other"/> is this path or lies beneath it.</summary>
    public bool Contains(RepositoryPath other) =>
        Bucket == other.Bucket && other.Prefix.StartsWith(Prefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}";

    private static bool IsBucketName(string name) =>
        name.Length is >= 3 and <= 63
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && !name.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789.-");
}
