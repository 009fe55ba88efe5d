using System.Collections.Concurrent;
using Sluice.Engine.Guarding;
using Sluice.Posix;

namespace Sluice.SystemTests.Import;

/// <summary>Guards nothing and writes down what it was asked to guard; can fail, or do something else, at a call.</summary>
internal sealed class RecordingGuard : IFileSystemGuard
{
    private readonly ConcurrentQueue<FileStatus> _watched = new();

    /// <summary>The files as they were when they were to be watched.</summary>
    public IReadOnlyCollection<FileStatus> Watched => _watched;

    /// <summary>Called before each is written down, with how many came before.</summary>
    public Action<int> OnWatch { get; set; } = static _ => { };

    /// <inheritdoc/>
    public void Watch(Fd file)
    {
        OnWatch(_watched.Count);
        _watched.Enqueue(FileSystemCalls.Status(file));
    }

    /// <inheritdoc/>
    public void Unwatch(Fd file)
    {
    }

    /// <inheritdoc/>
    public ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken) => throw new NotSupportedException();
}
