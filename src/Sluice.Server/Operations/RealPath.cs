namespace Sluice.Server.Operations;

/// <summary>Absolute paths without symlinks.</summary>
internal static class RealPath
{
    /// <summary>The directory a path leads to with all symlinks resolved; null when it leads to none that can be reached.</summary>
    public static string? Resolve(string path)
    {
        try
        {
            return Follow(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there, beneath a file, round in a circle, too long, or not for us.
            return null;
        }
    }

    /// <summary>What a path leads to with all symlinks resolved, whether it is there or not; null when the directory that would hold it is not.</summary>
    public static string? OfEntry(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full)) return Resolve(full);
        var entry = new FileInfo(full);
        var target = entry.LinkTarget is null ? full : entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        var directory = Path.GetDirectoryName(target) ?? "/";
        return Directory.Exists(directory) && Resolve(directory) is { } real ? Path.Combine(real, Path.GetFileName(target)) : null;
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="directory"/> or beneath it; both resolved.</summary>
    public static bool Contains(string directory, string path) =>
        directory == "/" || path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);

    private static string? Follow(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var resolved = "/";
        foreach (var part in full.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            var target = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true);
            resolved = target is null ? next : Follow(target.FullName) ?? next;
        }

        return Directory.Exists(resolved) ? resolved : null;
    }
}
