namespace Sluice.Hydrator.Mounting;

/// <summary>A file system is not mounted, or not unmounted, for a reason that the user can do something about.</summary>
public sealed class MountRefusedException(string message) : IOException(message);
