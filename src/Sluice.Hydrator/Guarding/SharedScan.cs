using Microsoft.Extensions.Logging;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Guarding;

/// <summary>Marks the files without data beneath a directory of a file system that is not dedicated, after a new group was made: the old one's marks went with it.
/// The mark on the directory itself says that this was done.</summary>
internal sealed partial class SharedScan(FanotifyGroup group, ILogger logger)
{
    /// <summary>Marks them, unless that was done already. The caller excludes others from scanning the same directory.</summary>
    public void Run(Fd root, string path)
    {
        var isDone = group.UnmarkFile(root);
        if (!isDone) Scan(root, path);
        group.MarkFile(root);
    }

    private void Scan(Fd root, string path)
    {
        var ledger = LedgerStore.Probe(root);
        long marked = 0;
        using var walk = new TreeWalk(root, []);
        while (walk.MoveNext())
        {
            if (walk.Error is { } error) LogUnread(path, error);
            else if (walk.Status.Kind == FileKind.Regular && Mark(walk, ledger)) marked++;
        }

        LogScanned(path, marked);
    }

    private bool Mark(TreeWalk walk, LedgerStore ledger)
    {
        if (ledger.ReadAt(walk.Parent, walk.Name) is not { } record || !record.States.HasFlag(HsmStates.Released)) return false;
        try
        {
            // A path alone: opening it would be an access.
            using var file = FileSystemCalls.OpenBeneath(walk.Parent, walk.Name, OpenFlags.Path | OpenFlags.NoFollow);
            group.MarkFile(file);
            return true;
        }
        catch (PosixException e) when (e.Errno is Errno.ENOENT or Errno.ELOOP)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path}: {Count} files without data are guarded again")]
    private partial void LogScanned(string path, long count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}: a part of it can't be looked through for files without data")]
    private partial void LogUnread(string path, Exception exception);
}
