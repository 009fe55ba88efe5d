namespace Sluice.Engine.Movers;

/// <summary>A released file's data can't be brought back, for a reason that is the object's or the ledger's. The file stays released.</summary>
public sealed class RestoreFailedException(string message) : Exception(message);
