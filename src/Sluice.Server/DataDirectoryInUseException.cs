namespace Sluice.Server;

/// <summary>Another process owns the data directory.</summary>
/// <param name="directory">The directory.</param>
public sealed class DataDirectoryInUseException(string directory)
    : Exception($"The data directory '{directory}' is in use by another server. Stop that one, or choose another with --data.");
