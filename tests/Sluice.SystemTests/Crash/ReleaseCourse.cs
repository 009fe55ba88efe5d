using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>A release of a tree that was exported. What it left is restored before the next one, and has to be right.</summary>
internal sealed class ReleaseCourse(CrashLane lane, TreeBuilder tree) : CrashCourse(lane, tree)
{
    private bool _isExported;

    public override string Type => TaskTypes.Release;

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isExported) await ExportAsync(cancellationToken);
        else await EndAsync(TaskTypes.Restore, isRepeated: true, cancellationToken);
        _isExported = true;
        if (WrongFiles().ToList() is { Count: > 0 } wrong) throw new InvalidOperationException($"After a release and a restore: {string.Join(", ", wrong)}");
    }

    // What was released is neither asked about nor read again.
    public override bool IsWork(ProxyRequest request) => request.Operation is "HeadObject" or "GetObject" || request.StartsObject;

    public override bool IsOfMany(ProxyRequest request) => request.Operation == "ListObjects";
}
