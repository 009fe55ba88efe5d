namespace Sluice.Posix.Fanotify;

/// <summary>Somebody opens a file or is about to access its content, and waits for <see cref="FanotifyGroup.Allow(in AccessEvent)"/> or
/// <see cref="FanotifyGroup.Deny(in AccessEvent, Errno)"/>. The descriptor reads the file without raising events of its own.</summary>
/// <param name="File">The file, opened for reading; its number is what the answer names. Dispose it after answering.</param>
/// <param name="ProcessId">Who waits.</param>
/// <param name="IsOpen">True for an open, false for an access to the content.</param>
public readonly record struct AccessEvent(Fd File, int ProcessId, bool IsOpen);
