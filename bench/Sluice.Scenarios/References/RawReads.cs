using Sluice.Scenarios.Targets;
using Sluice.Scenarios.Trees;

namespace Sluice.Scenarios.References;

/// <summary>The objects of an exported tree read by bare requests, with as many in flight as Sluice has. Keys are the names in the tree. All answer seconds.</summary>
internal static class RawReads
{
    private const int FilesInFlight = 32;
    private const int RangesInFlight = 4;
    private const int RangeBytes = 8 << 20;

    /// <summary>A HEAD of each.</summary>
    public static Task<double> HeadAllAsync(S3Target target, string tree, CancellationToken cancellationToken) =>
        EachAsync(target, tree, (requests, name) => requests.AddHead(name), cancellationToken);

    /// <summary>A GET of each.</summary>
    public static Task<double> GetAllAsync(S3Target target, string tree, CancellationToken cancellationToken) =>
        EachAsync(target, tree, (requests, name) => requests.AddGet(name), cancellationToken);

    /// <summary>One object in ranges.</summary>
    public static async Task<double> GetRangesAsync(S3Target target, string key, long bytes, CancellationToken cancellationToken)
    {
        using var requests = new RawRequests(target);
        for (long offset = 0; offset < bytes; offset += RangeBytes) requests.AddGet(key, offset, Math.Min(RangeBytes, bytes - offset));
        return (await requests.RunAsync(RangesInFlight, cancellationToken)).Wall.TotalSeconds;
    }

    private static async Task<double> EachAsync(S3Target target, string tree, Action<RawRequests, string> add, CancellationToken cancellationToken)
    {
        using var requests = new RawRequests(target);
        foreach (var (name, _) in FileTree.FilesIn(tree)) add(requests, name);
        return (await requests.RunAsync(FilesInFlight, cancellationToken)).Wall.TotalSeconds;
    }
}
