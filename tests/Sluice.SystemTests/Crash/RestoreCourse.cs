using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>A restore task over a tree whose files were released.</summary>
internal sealed class RestoreCourse(CrashLane lane, TreeBuilder tree) : CrashCourse(lane, tree)
{
    private bool _isExported;

    public override string Type => TaskTypes.Restore;

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isExported) await ExportAsync(cancellationToken);
        await EndAsync(TaskTypes.Release, isRepeated: _isExported, cancellationToken);
        _isExported = true;
    }

    public override bool IsWork(ProxyRequest request) => request.Operation == "GetObject";

    // A file that comes in ranges has begun before the first of them; any other begins with its answer, and is given up at once.
    public override bool IsHeld(ProxyRequest request, int number) => CrashTree.Large.Any(name => request.Key == CrashLane.KeyPrefix + name);

    protected override async Task<IReadOnlyList<string>> ObjectsAsync(CancellationToken cancellationToken) =>
        [.. await base.ObjectsAsync(cancellationToken), .. WrongFiles()];
}
