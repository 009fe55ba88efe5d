using Sluice.Engine.Scanning;

namespace Sluice.Engine.Runs;

/// <summary>An import: what its entries have begun in directories is finished at its end, also when it was canceled.</summary>
internal sealed class ImportRun(MoveRun<ImportEntry> entries, ImportDirectories directories) : ITaskRun
{
    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        await entries.RunAsync(stopping);
        directories.FinishAll();
    }

    /// <inheritdoc/>
    public Task RecountAsync(CancellationToken stopping) => entries.RecountAsync(stopping);
}
