using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>
/// A directory an import works in, from the listing's first key beneath it to the end of the last entry made in it. Everything beneath it is made through
/// its descriptor, which was opened from its parent's: no path is resolved twice, and no symlink ever followed.
/// <code>
/// lister: Probe (is it there?) → entries refer to it … → Release     mover: Open (make it, and its parents) → make an entry → Release
/// nobody refers to it any more → Finish: what making entries has moved, and what its own object says, is put right; record
/// </code>
/// It gets its record last of all: an import that died begins with it anew. Safe for concurrent use.
/// </summary>
internal sealed class ImportDirectory(ImportDirectories owner, TaskContext context, ImportDirectory? parent, byte[] path) : IDisposable
{
    // Nobody looks into a directory before its own permissions are known.
    private const uint HiddenMode = 0b111_000_000;
    private const OpenFlags Flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow;
    private const int Attempts = 8;

    private readonly Lock _lock = new();
    private readonly bool _isRoot = parent is null;

    // The listing's own reference.
    private int _references = 1;
    private volatile Fd? _directory = parent is null ? context.Root : null;
    private PosixException? _failure;
    private bool _wasCreated;
    private volatile bool _isMarked;
    private bool _isFinished;
    private DirectoryObject? _object;
    private (LedgerRecord Record, long AtimeNs)? _kept;

    /// <summary>Path relative to the file system's root.</summary>
    public byte[] Path => path;

    /// <summary>The directory around it; null for the root.</summary>
    public ImportDirectory? Parent => parent;

    /// <summary>Directories above it.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>Whether the repository has an object for it.</summary>
    public bool HasObject { get; set; }

    /// <summary>Whether it lives until the end of the task.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>The directory, if it was there when the listing came to it; null otherwise.</summary>
    public Fd? Existing { get; private set; } = parent is null ? context.Root : null;

    private ReadOnlySpan<byte> Name => path.AsSpan(path.AsSpan().LastIndexOf((byte)'/') + 1);

    /// <summary>Looks whether it is there. Called once, before anybody else knows of it.</summary>
    public void Probe()
    {
        if (_isRoot || parent!.Existing is not { } around) return;
        try
        {
            Existing = _directory = FileSystemCalls.OpenBeneath(around, Name, Flags);
        }
        catch (PosixException e)
        {
            if (e.Errno != Errno.ENOENT) _failure = e;
        }
    }

    /// <summary>The directory, made with its parents if it is not there. A first inode change: only between a permit's beginning and its having begun.</summary>
    /// <exception cref="PosixException">ENOTDIR, ELOOP: something else has its name, or that of one of its parents. ESTALE: somebody moved it out of the root.</exception>
    public Fd Open()
    {
        if (_directory is { } opened) return StillBeneath(opened);
        lock (_lock)
        {
            if (_directory is { } directory) return StillBeneath(directory);
            if (_failure is { } failure) throw new PosixException(failure.Errno, "openat2", PathText.Of(path));
            var around = parent!.Open();
            parent.BeforeChild();
            return Make(around);
        }
    }

    /// <summary>To be called before an entry is made or replaced in it. Where its record says that it is as its object says, and so is its time, it shall be so
    /// again; should the import die, the record does not say so any more.</summary>
    public void BeforeChild()
    {
        if (_isMarked) return;
        lock (_lock)
        {
            if (_isMarked) return;
            if (!_wasCreated && context.Ledger.Read(_directory!) is { } record && record.States.HasFlag(HsmStates.Exists) && record.IdentityHash != 0)
            {
                var status = FileSystemCalls.Status(_directory!);
                if (status.MtimeNs == record.MtimeNs)
                {
                    _kept = (record, status.AtimeNs);
                    context.Ledger.TryWrite(_directory!, record with { IdentityHash = 0 });
                }
            }

            _isMarked = true;
        }
    }

    /// <summary>Says what it is to be when all in it is done.</summary>
    public void Become(DirectoryObject source)
    {
        lock (_lock) _object = source;
    }

    /// <summary>One more refers to it.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>One less refers to it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0) Finish();
    }

    /// <summary>Puts it right. Nobody makes anything in it any more.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            if (_isFinished) return;
            _isFinished = true;
            try
            {
                if (_directory is { } directory) PutRight(StillBeneath(directory));
                if (_object is not null) context.Counters.Succeeded(0);
            }
            catch (PosixException e)
            {
                // It has begun when its object was told: it is one more that failed.
                context.Health.Report(e);
                if (_object is not null) owner.Fail(path, e);
            }

            if (!_isRoot) _directory?.Dispose();
        }

        owner.Forget(this);
        parent?.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isFinished = true;
            if (!_isRoot) _directory?.Dispose();
        }
    }

    private Fd Make(Fd around)
    {
        for (var attempt = 1; ; attempt++)
        {
            CrashPoint.Before(SideEffect.ImportDirectory);
            _wasCreated |= FileSystemCalls.TryMakeDirectory(around, Name, HasObject ? HiddenMode : ObjectPosixMetadata.DefaultPermissions);
            CrashPoint.After(SideEffect.ImportDirectory);
            try
            {
                return _directory = Described(FileSystemCalls.OpenBeneath(around, Name, Flags));
            }
            catch (PosixException e) when (e.Errno == Errno.ENOENT && attempt < Attempts)
            {
                // Somebody removed it meanwhile.
            }
        }
    }

    private Fd Described(Fd made)
    {
        try
        {
            if (_wasCreated && !HasObject) SetDefaults(made);
            return made;
        }
        catch
        {
            // The next entry tries again.
            made.Dispose();
            throw;
        }
    }

    // What is moved out of the root is none of the import's any more.
    private Fd StillBeneath(Fd directory) =>
        FileSystemCalls.IsBeneathMountRoot(directory) ? directory : throw new PosixException(Errno.ESTALE, "openat", PathText.Of(path));

    private void PutRight(Fd directory)
    {
        if (_object is { } source)
        {
            source.Apply(directory, _wasCreated);
            context.Ledger.TryWrite(directory, source.Record(FileSystemCalls.Status(directory), context.TaskTag));
        }
        else if (_wasCreated && HasObject)
        {
            // Its object could not be asked, or the task was canceled before.
            SetDefaults(directory);
        }
        else if (_kept is { } kept)
        {
            CrashPoint.Before(SideEffect.ImportAttributes);
            FileSystemCalls.SetTimes(directory, kept.AtimeNs, kept.Record.MtimeNs);
            context.Ledger.TryWrite(directory, kept.Record);
        }
    }

    // Neither the umask nor the directory around it has a say.
    private static void SetDefaults(Fd directory)
    {
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetOwner(directory, 0, 0);
        CrashPoint.Before(SideEffect.ImportAttributes);
        FileSystemCalls.SetMode(directory, ObjectPosixMetadata.DefaultPermissions);
    }
}
