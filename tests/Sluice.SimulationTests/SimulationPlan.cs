using Sluice.SimulationTests.Virtual;

namespace Sluice.SimulationTests;

/// <summary>What one seed decides before its simulation begins.</summary>
internal sealed record SimulationPlan
{
    /// <summary>Disks, each linked to a bucket of its own.</summary>
    public required int Disks { get; init; }

    /// <summary>Tasks of each disk.</summary>
    public required int Tasks { get; init; }

    /// <summary>Whether the disks are guarded: then files can be released, and some tasks do that or restore them.</summary>
    public required bool IsGuarded { get; init; }

    /// <summary>Whether there is one more disk, of which all comes from its bucket.</summary>
    public required bool HasImports { get; init; }

    /// <summary>Whether the disks know files without a name.</summary>
    public required bool HasNameless { get; init; }

    /// <summary>Objects an import asks about at a time.</summary>
    public required int HeadsInParallel { get; init; }

    /// <summary>Of a task, that somebody cancels it.</summary>
    public required double CancelRate { get; init; }

    /// <summary>After how many points (steps and system calls) of a life the process dies or is stopped; one life each, the last lives on.</summary>
    public required IReadOnlyList<LifeEnd> Ends { get; init; }

    /// <summary>What users do to files while tasks run.</summary>
    public required int UserActions { get; init; }

    public required FaultRates Rates { get; init; }

    /// <summary>Whether the kernel tells two changes within its clock's granularity apart once somebody has looked.</summary>
    public required bool IsMultigrain { get; init; }

    public required int Concurrency { get; init; }

    public required int PartsInParallel { get; init; }

    /// <summary>Directories a task looks through at a time.</summary>
    public required int WalksInParallel { get; init; }

    public required int UnavailableLimit { get; init; }

    public required TimeSpan PollInterval { get; init; }

    /// <summary>Which of the system calls that can fail does, and no other; 0 for none in particular.</summary>
    public int FailingCall { get; init; }

    /// <summary>Whether nothing but tasks changes the files while these run.</summary>
    public bool IsQuiet => UserActions == 0;

    /// <summary>Nothing goes wrong but one system call.</summary>
    /// <param name="chance">The seed's.</param>
    /// <param name="call">Which.</param>
    public static SimulationPlan WithFailingCall(Chance chance, int call) => Of(chance) with
    {
        IsGuarded = true,
        HasImports = true,
        CancelRate = 0,
        Ends = [],
        UserActions = 0,
        Rates = new FaultRates { Calls = double.Epsilon },
        FailingCall = call,
    };

    /// <summary>Anything may go wrong.</summary>
    public static SimulationPlan Of(Chance chance)
    {
        var isFaulty = chance.Roll(0.6);
        var isGuarded = chance.Roll(0.6);
        var hasOutage = isFaulty && chance.Roll(0.15);
        var outage = TimeSpan.FromMilliseconds(chance.Spread(1, 5_000));
        return new SimulationPlan
        {
            Disks = chance.Between(1, 2),
            Tasks = chance.Between(1, 3),
            IsGuarded = isGuarded,
            HasImports = isGuarded && chance.Roll(0.6),
            HasNameless = chance.Roll(0.8),
            HeadsInParallel = chance.Between(1, 8),
            CancelRate = chance.Pick(0, 0.5, 0.8),
            Ends = chance.Roll(0.4) ? [] : [.. Enumerable.Range(0, chance.Between(1, 3)).Select(_ => LifeEnd.Of(chance))],
            UserActions = chance.Roll(0.5) ? 0 : chance.Between(1, 12),
            Rates = new FaultRates
            {
                Requests = isFaulty ? chance.Pick(0, 0.02, 0.1, 0.3) : 0,
                Refusals = isFaulty ? chance.Pick(0, 0, 0.03) : 0,
                Catalog = isFaulty ? chance.Pick(0, 0, 0.03, 0.1) : 0,
                Calls = isFaulty ? chance.Pick(0, 0, 0.01) : 0,
                Outage = hasOutage ? (outage, outage + TimeSpan.FromSeconds(chance.Between(1, 300))) : default,
            },
            IsMultigrain = chance.Roll(0.5),
            Concurrency = chance.Between(1, 4),
            PartsInParallel = chance.Between(1, 3),
            WalksInParallel = chance.Between(1, 3),
            UnavailableLimit = chance.Pick(2, 4, 64),
            PollInterval = TimeSpan.FromSeconds(chance.Pick(1, 5, 20)),
        };
    }
}

/// <summary>How one life of the process ends.</summary>
/// <param name="Points">After so many points.</param>
/// <param name="IsStop">Whether it is asked to stop, instead of being killed.</param>
/// <param name="Downtime">Until the next begins; longer than any request is under way.</param>
internal sealed record LifeEnd(long Points, bool IsStop, TimeSpan Downtime)
{
    public static LifeEnd Of(Chance chance) => new(chance.Spread(20, 3_000), chance.Roll(0.3), TimeSpan.FromMilliseconds(chance.Spread(700, 20_000)));
}
