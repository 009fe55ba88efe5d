using Sluice.Engine.Guarding;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>A file that is to have its data.</summary>
/// <param name="Guard">The guard of its file system; null when it has none.</param>
/// <param name="Ledger">The ledger of its file system.</param>
/// <param name="File">The file, open for reading and writing past the guard; the caller's own, to be kept open until the restore has ended.</param>
public sealed record RestoreTarget(IFileSystemGuard? Guard, LedgerStore Ledger, Fd File);
