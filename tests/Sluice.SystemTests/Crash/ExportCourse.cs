using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>An export of a new tree into an empty bucket.</summary>
internal sealed class ExportCourse(CrashLane lane, TreeBuilder tree) : CrashCourse(lane, tree)
{
    // The scan reads directories, which moves their access times.
    private const string AccessTime = "file-atime";

    public override string Type => TaskTypes.Export;

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await CrashTree.RemoveAsync(Lane.Folder);
        foreach (var key in await Lane.Bucket.KeysAsync(cancellationToken)) await Lane.Bucket.Client.DeleteObjectAsync(Lane.Bucket.Name, key, cancellationToken);
        CrashTree.MakeIn(Lane.Folder, Tree);
    }

    public override bool IsWork(ProxyRequest request) => request.StartsObject;

    protected override async Task<IReadOnlyList<string>> ObjectsAsync(CancellationToken cancellationToken) =>
        [.. (await Lane.Bucket.ObjectsAsync(cancellationToken)).Values.Where(found => !found.Key.StartsWith(CrashLane.ReportPrefix, StringComparison.Ordinal)).Select(Line)];

    private static string Line(StoredObject found)
    {
        var metadata = found.Metadata.Where(pair => pair.Key != AccessTime).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        return $"object {found.Key}: {found.Size} bytes, {found.ETag}, {found.ContentType}, {string.Join(", ", metadata)}";
    }
}
