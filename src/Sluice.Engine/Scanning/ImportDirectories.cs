using System.Text;
using Sluice.Core.Files;
using Sluice.Engine.Runs;
using Sluice.Posix;

namespace Sluice.Engine.Scanning;

/// <summary>The directories a running import works in: those on the listing's way, and those with entries in flight. Safe for concurrent use.</summary>
internal sealed class ImportDirectories : IDisposable
{
    private readonly TaskContext _context;
    private readonly Lock _lock = new();
    private readonly HashSet<ImportDirectory> _open = [];
    private readonly Dictionary<string, ImportDirectory> _permanent = new(StringComparer.Ordinal);

    public ImportDirectories(TaskContext context)
    {
        _context = context;
        Root = new ImportDirectory(this, context, parent: null, []) { IsPermanent = true };
        _open.Add(Root);
    }

    /// <summary>The file system's root.</summary>
    public ImportDirectory Root { get; }

    /// <summary>One that several parts of a listing share; it lives until the end of the task.</summary>
    public ImportDirectory Permanent(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty) return Root;
        var name = Encoding.Latin1.GetString(path);
        lock (_lock)
        {
            if (_permanent.TryGetValue(name, out var known)) return known;
        }

        var parent = Permanent(path[..Math.Max(0, path.LastIndexOf((byte)'/'))]);
        var made = Make(parent, path.ToArray(), hasObject: false, isPermanent: true);
        lock (_lock) _permanent.Add(name, made);
        return made;
    }

    /// <summary>One the listing has come to.</summary>
    public ImportDirectory Enter(ImportDirectory parent, byte[] path, bool hasObject) => Make(parent, path, hasObject, isPermanent: false);

    /// <summary>Finishes all that are not finished: nothing is in flight any more.</summary>
    public void FinishAll()
    {
        ImportDirectory[] left;
        lock (_lock) left = [.. _open.OrderByDescending(directory => directory.Depth)];
        foreach (var directory in left) directory.Finish();
    }

    /// <summary>A directory whose object had begun could not be finished.</summary>
    public void Fail(byte[] path, PosixException e)
    {
        _context.Failures.Add(new FileFailure(path, FailureCode.InternalError, e.Message));
        _context.Counters.AddFailure();
    }

    /// <summary>It is finished.</summary>
    public void Forget(ImportDirectory directory)
    {
        lock (_lock) _open.Remove(directory);
    }

    /// <summary>Closes all; what is not finished stays as it is, for the task's next life.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var directory in _open) directory.Dispose();
            _open.Clear();
        }
    }

    private ImportDirectory Make(ImportDirectory parent, byte[] path, bool hasObject, bool isPermanent)
    {
        parent.AddReference();
        var directory = new ImportDirectory(this, _context, parent, path) { HasObject = hasObject, IsPermanent = isPermanent };
        directory.Probe();
        lock (_lock) _open.Add(directory);
        return directory;
    }
}
