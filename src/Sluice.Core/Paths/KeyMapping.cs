using System.Text;
using Sluice.Core.Files;
using Sluice.Core.Repositories;

namespace Sluice.Core.Paths;

/// <summary>
/// How entries of one association become keys: bucket prefix + path relative to the association's directory; a directory's key ends in a slash
/// (FSx for Lustre user guide, "Exporting changes to the data repository"). Names are bytes; a key is UTF-8 of at most 1,024 bytes.
/// </summary>
public sealed class KeyMapping
{
    /// <summary>Longest key S3 allows, in bytes of UTF-8.</summary>
    public const int MaxKeyBytes = 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int _skip;

    /// <summary>Links <paramref name="directory"/> to <paramref name="repository"/>.</summary>
    public KeyMapping(FileSystemPath directory, RepositoryPath repository)
    {
        Directory = directory;
        Repository = repository;
        var bytes = directory.ToBytes().Length;
        _skip = bytes == 0 ? 0 : bytes + 1;
    }

    /// <summary>The association's directory.</summary>
    public FileSystemPath Directory { get; }

    /// <summary>The association's bucket and prefix.</summary>
    public RepositoryPath Repository { get; }

    /// <summary>The key of an entry beneath (or equal to) <see cref="Directory"/>.</summary>
    /// <param name="path">Path relative to the file system's root, no leading slash.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    /// <param name="key">The key; empty for a linked directory whose prefix is empty, which has no object.</param>
    /// <returns>Null, or why there can be no key: <see cref="FailureCode.PathSizeTooLong"/>, or
    /// <see cref="FailureCode.InternalError"/> for a name that is not UTF-8.</returns>
    public FailureCode? TryGetKey(ReadOnlySpan<byte> path, bool isDirectory, out string key)
    {
        key = "";
        var relative = path.Length < _skip ? [] : path[_skip..];
        if (!System.Text.Unicode.Utf8.IsValid(relative)) return FailureCode.InternalError;
        var text = Repository.Prefix + StrictUtf8.GetString(relative);
        if (isDirectory && relative.Length > 0) text += "/";
        if (Encoding.UTF8.GetByteCount(text) > MaxKeyBytes) return FailureCode.PathSizeTooLong;
        key = text;
        return null;
    }
}
