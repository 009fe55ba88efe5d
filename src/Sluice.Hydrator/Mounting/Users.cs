using System.Globalization;
using Sluice.Posix;

namespace Sluice.Hydrator.Mounting;

/// <summary>Who uses a file system, for messages and for refusals.</summary>
internal static class Users
{
    private const int Shown = 8;
    private static readonly string[] Links = ["cwd", "root", "exe"];

    /// <summary>Processes with open files, mappings, working or root directories beneath a directory, as "1234 (cat), 1240 (bash)".</summary>
    public static string Of(string directory)
    {
        var found = ProcessIds().Where(id => Uses(id, directory)).Take(Shown + 1).Select(id => $"{id} ({NameOf(id)})").ToList();
        if (found.Count == 0) return "a process that waits to open a file, or by the kernel (a loop device, a mount on top of it, swap)";
        return string.Join(", ", found.Take(Shown)) + (found.Count > Shown ? " and more" : "");
    }

    /// <summary>Other mounts of the superblock, in any namespace, and overlays that are made of it, as "/srv/copy, /a (namespace of process 12)".</summary>
    public static IReadOnlyList<string> OtherMountsOf(ulong device, string directory)
    {
        var own = Environment.ProcessId;
        var ownNamespace = NamespaceOf(own);
        var seen = new HashSet<string> { ownNamespace };
        var others = MountTable.Read().Where(mount => IsOther(mount, device, directory)).Select(mount => mount.Path).ToList();
        foreach (var id in ProcessIds())
        {
            if (NamespaceOf(id) is not { Length: > 0 } space || !seen.Add(space)) continue;
            others.AddRange(MountTable.ReadOf(id)
                .Where(mount => mount.Device == device || IsOther(mount, device, directory))
                .Select(mount => string.Create(CultureInfo.InvariantCulture, $"{mount.Path} (seen by process {id})")));
        }

        return others;
    }

    private static bool IsOther(MountEntry mount, ulong device, string directory) =>
        (mount.Device == device && mount.Path != directory) || (mount.Type == "overlay" && IsMadeOf(mount.Options, directory));

    private static bool IsMadeOf(string options, string directory) =>
        options.Split(',', '=', ':').Any(part => part == directory || part.StartsWith(directory + "/", StringComparison.Ordinal));

    private static IEnumerable<int> ProcessIds() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0);

    private static bool Uses(int id, string directory)
    {
        var process = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        return Tolerating(() =>
            Links.Select(link => $"{process}/{link}").Concat(Directory.EnumerateFiles($"{process}/fd")).Any(link => IsBeneath(TargetOf(link), directory))
            || File.ReadLines($"{process}/maps").Any(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at && IsBeneath(line[at..], directory)));
    }

    private static string? TargetOf(string link) => new FileInfo(link).LinkTarget;

    private static bool IsBeneath(string? path, string directory) =>
        path is not null && (path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static string NameOf(int id)
    {
        var name = "?";
        Tolerating(() => (name = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/comm")).Trim()).Length > 0);
        return name;
    }

    private static string NamespaceOf(int id)
    {
        string? space = null;
        Tolerating(() => (space = TargetOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/ns/mnt"))) is not null);
        return space ?? "";
    }

    /// <summary>Processes end while they are looked at.</summary>
    private static bool Tolerating(Func<bool> look)
    {
        try
        {
            return look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
