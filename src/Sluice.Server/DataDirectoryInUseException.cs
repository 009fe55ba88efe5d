namespace Sluice.Server;

/// <summary>Another process owns the data directory.</summary>
/// <param name="directory">The directory.</param>
/// <param name="processId">The owner's process id; null when it can't be told.</param>
public sealed class DataDirectoryInUseException(string directory, int? processId)
    : Exception(
        $"The data directory '{directory}' is in use by another server{(processId is { } id ? $", process {id}" : "")}. "
        + "Stop that one, or choose another directory with --data.");
