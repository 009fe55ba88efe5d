using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>An import into a directory where some names are taken: by files and a symlink it replaces, and by a directory it goes on with.</summary>
internal sealed class ImportCourse(CrashLane lane, TreeBuilder tree) : CrashCourse(lane, tree)
{
    // No path in a file system can be like this.
    private const string NoPath = "a//b";

    private bool _isExported;

    public override string Type => TaskTypes.Import;

    protected override string TaskPath => $"{Lane.Bucket.Url}/{CrashLane.KeyPrefix.TrimEnd('/')}";

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isExported)
        {
            await ExportAsync(cancellationToken);
            await Lane.Bucket.PutAsync(CrashLane.KeyPrefix + NoPath, [1], cancellationToken);
            _isExported = true;
        }

        await CrashTree.RemoveAsync(Lane.Folder);
        CrashTree.MakeIn(
            Lane.Folder, new TreeBuilder().Text("folder-0/file-1", "old").Text("folder-0/file-2", "old").Text("folder-1/file-3", "old").Symlink("folder-0/link", "elsewhere"));
    }

    public override bool IsWork(ProxyRequest request) => request.Operation is "HeadObject" or "GetObject";

    public override bool IsHeld(ProxyRequest request, int number) => number >= 40;
}
