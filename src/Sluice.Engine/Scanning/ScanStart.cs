using Sluice.Core.Paths;

namespace Sluice.Engine.Scanning;

/// <summary>Where a scan begins.</summary>
/// <param name="Path">A path of the task, or an association's directory beneath one.</param>
/// <param name="Link">The association that covers it; null for a task that needs none.</param>
internal sealed record ScanStart(FileSystemPath Path, LinkedDirectory? Link);
