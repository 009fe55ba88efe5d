using System.IO.Hashing;
using System.Text;
using Sluice.Core.Crashing;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>What an import that died has left: entries it was done with, and names it needed for a moment.</summary>
internal static class ImportLeftovers
{
    private static ReadOnlySpan<byte> Beginning => ".sluice-import-"u8;

    /// <summary>A name in the same directory, for the moment before <paramref name="name"/> is replaced.</summary>
    public static byte[] TemporaryName(ReadOnlySpan<byte> name) =>
        [.. Beginning, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(XxHash64.Hash(name)))];

    /// <summary>Removes a temporary name. False: it was not there.</summary>
    public static bool RemoveTemporary(Fd parent, ReadOnlySpan<byte> name)
    {
        CrashPoint.Before(SideEffect.ImportUnlink);
        var wasThere = FileSystemCalls.UnlinkAt(parent, name);
        CrashPoint.After(SideEffect.ImportUnlink);
        return wasThere;
    }

    /// <summary>Removes temporary names beneath the directories of these starts and, where wanted, counts what the task was done with.</summary>
    public static void Settle(TaskContext context, IEnumerable<ImportStart> starts, bool counts, CancellationToken cancellationToken)
    {
        foreach (var start in starts)
        {
            try
            {
                using var walk = new TreeWalk(context.Root, start.Directory.ToBytes());
                while (walk.MoveNext())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (walk.Error is null) Settle(context, walk, start, counts);
                }
            }
            catch (PosixException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV)
            {
                // The import has not come so far as to make it.
            }
        }
    }

    private static void Settle(TaskContext context, TreeWalk walk, ImportStart start, bool counts)
    {
        var record = context.Ledger.ReadAt(walk.Parent, walk.Name);
        var isInPlace = record is { } r && r.AddressHash == start.Link.Address.Of(walk.Path, walk.Status.Kind == FileKind.Directory);
        if (isInPlace)
        {
            if (counts && record!.Value.TaskTag == context.TaskTag) context.Counters.DoneBefore(ScanEntry.ContentBytes(walk.Status));
        }
        else if (walk.Name.StartsWith(Beginning) && walk.Status.Kind is FileKind.Regular or FileKind.Symlink)
        {
            Remove(walk);
        }
    }

    private static void Remove(TreeWalk walk)
    {
        var around = FileSystemCalls.StatusAt(walk.Parent, []);
        if (!RemoveTemporary(walk.Parent, walk.Name)) return;

        // What time the directory has is its object's affair.
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetTimesOfPath(walk.Parent, around.AtimeNs, around.MtimeNs);
        CrashPoint.After(SideEffect.ImportAttributes);
    }
}
