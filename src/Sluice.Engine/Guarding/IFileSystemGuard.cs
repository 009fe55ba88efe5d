using Sluice.Posix;

namespace Sluice.Engine.Guarding;

/// <summary>
/// Keeps everybody who opens or reads a file without its data waiting until the data is back. Where there is none, nothing is released and no stub is made.
/// The file descriptors it is given were opened past it, beneath <see cref="GuardedRoot.Root"/>. Safe for concurrent use, also by several processes.
/// </summary>
public interface IFileSystemGuard
{
    /// <summary>Has everybody asked about this file from now on. To be called before its data goes, or before a file without data gets a name,
    /// while nobody else has it open (a lease) or can open it.</summary>
    void Watch(Fd file);

    /// <summary>Its data is back and recorded: nobody needs to be asked any more. To be called while the caller still has it open, because no release can
    /// come in between then.</summary>
    void Unwatch(Fd file);

    /// <summary>Has the file's data for oneself: of all restores and releases of one file, in whatever process, one goes on at a time. The lock ends with
    /// its disposal, or with the process.</summary>
    ValueTask<IDisposable> LockAsync(Fd file, CancellationToken cancellationToken);
}
