using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>Everything random about a trial, from its seed.</summary>
internal sealed record TrialPlan
{
    private const int MostEntries = 32;
    private const long MultipartBytes = 6 << 20;

    public required int Seed { get; init; }

    public required TreeBuilder Tree { get; init; }

    /// <summary>An export of the tree and changes to it come first, so that the canceled export is an incremental one.</summary>
    public required bool IsIncremental { get; init; }

    public required CancelMoment Moment { get; init; }

    /// <summary>For moments that count objects: which one.</summary>
    public required int Nth { get; init; }

    public required TimeSpan Delay { get; init; }

    public required bool HasFaults { get; init; }

    public required bool HasReport { get; init; }

    public static TrialPlan Of(int seed)
    {
        var random = new Random(seed);
        var tree = RandomTree.Create(seed, new RandomTreeOptions
        {
            MaxEntries = MostEntries,
            MaxDepth = 2,
            MaxFileBytes = 16 * 1024,
            NamesNotUtf8 = random.Next(4) == 0,
            SpecialFiles = true,
            Owners = true,
        });
        if (random.Next(16) == 0)
        {
            // Two parts, or three: sparse, so that making it costs nothing.
            var size = MultipartBytes + random.NextInt64(MultipartBytes);
            tree.Sparse("multipart", size, (ulong)seed, new TreeExtent(0, 4096), new TreeExtent(size - 100, 100));
        }

        return Of(seed, tree, random) with { IsIncremental = random.Next(5) == 0 };
    }

    /// <summary>A trial of a release or an import: its tree is one that comes back from the bucket as it was.</summary>
    public static TrialPlan OfReturning(int seed)
    {
        var tree = RandomTree.Create(seed, new RandomTreeOptions { MaxEntries = MostEntries, MaxDepth = 2, MaxFileBytes = 16 * 1024, HardLinks = false });
        return Of(seed, tree, new Random(seed));
    }

    private static TrialPlan Of(int seed, TreeBuilder tree, Random random) => new()
    {
        Seed = seed,
        Tree = tree,
        IsIncremental = false,
        Moment = (CancelMoment)random.Next(5),
        Nth = random.Next(1, tree.Entries.Count + 1),
        Delay = TimeSpan.FromMilliseconds(random.NextDouble() * 60),
        HasFaults = random.Next(3) == 0,
        HasReport = random.Next(2) == 0,
    };
}
