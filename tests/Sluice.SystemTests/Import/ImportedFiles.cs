using System.Text;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.SystemTests.Import;

/// <summary>Looks at what an import made, past any guard. Released files read as zeros this way.</summary>
internal static class ImportedFiles
{
    private static readonly UTF8Encoding Utf8 = new();

    /// <summary>The status of an entry itself; null when there is none.</summary>
    public static FileStatus? StatusOf(this ImportRig rig, string path)
    {
        using var root = FileSystemCalls.OpenRoot(rig.Root);
        try
        {
            using var node = FileSystemCalls.OpenBeneath(root, Utf8.GetBytes(path), OpenFlags.Path | OpenFlags.NoFollow);
            return FileSystemCalls.Status(node);
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Type and permissions in octal, owner, group, seconds of the modification time.</summary>
    public static string Describe(this ImportRig rig, string path) =>
        rig.StatusOf(path) is { } status
            ? $"{Convert.ToString(status.Mode, 8)} {status.Uid}:{status.Gid} {status.SizeBytes} {status.MtimeNs / 1_000_000_000}"
            : "nothing";

    /// <summary>What the ledger says of an entry.</summary>
    public static FileState StateOf(this ImportRig rig, string path) => FileState.Inspect(Path.Combine(rig.Root, path));

    /// <summary>Where the data of an entry is; null when it has its data.</summary>
    public static ObjectAddress? AddressOf(this ImportRig rig, string path)
    {
        using var root = FileSystemCalls.OpenRoot(rig.Root);
        using var node = FileSystemCalls.OpenBeneath(root, Utf8.GetBytes(path), OpenFlags.ReadOnly | OpenFlags.NoFollow);
        return LedgerStore.Probe(root).ReadAddress(node);
    }

    /// <summary>All paths, sorted, directories with a slash at the end.</summary>
    public static IReadOnlyList<string> Paths(this ImportRig rig)
    {
        using var root = FileSystemCalls.OpenRoot(rig.Root);
        using var walk = new TreeWalk(root, []);
        var paths = new List<string>();
        while (walk.MoveNext())
        {
            if (!walk.Path.IsEmpty) paths.Add(Utf8.GetString(walk.Path) + (walk.Status.Kind == FileKind.Directory ? "/" : ""));
        }

        return [.. paths.Order(StringComparer.Ordinal)];
    }
}
