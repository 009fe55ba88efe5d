using Sluice.SimulationTests.Storage;

namespace Sluice.SimulationTests.Virtual;

/// <summary>How often things go wrong in one simulation, until its faults stop.</summary>
internal sealed class FaultRates
{
    private const double OutageRate = 0.9;

    /// <summary>Requests that fail for a moment.</summary>
    public double Requests { get; init; }

    /// <summary>Requests that are refused for good.</summary>
    public double Refusals { get; init; }

    /// <summary>Catalog calls that fail, half of them although they were committed.</summary>
    public double Catalog { get; init; }

    /// <summary>System calls that fail.</summary>
    public double Calls { get; init; }

    /// <summary>From when to when nearly every request fails.</summary>
    public (TimeSpan From, TimeSpan To) Outage { get; init; }

    /// <summary>Whether all goes well from now on.</summary>
    public bool AreOver { get; set; }

    /// <summary>Whether anything may ever fail.</summary>
    public bool AreNone => Requests == 0 && Refusals == 0 && Catalog == 0 && Calls == 0 && Outage.To == default;

    public RequestFate FateOf(World world)
    {
        if (AreOver) return RequestFate.Answered;
        var isOut = world.Elapsed >= Outage.From && world.Elapsed < Outage.To;
        if (world.Chance.Roll(Refusals)) return RequestFate.Refused;
        if (!world.Chance.Roll(isOut ? OutageRate : Requests)) return RequestFate.Answered;
        return world.Chance.Pick(RequestFate.Lost, RequestFate.Lost, RequestFate.AnswerLost, RequestFate.AnswerLost, RequestFate.Throttled, RequestFate.Hung);
    }

    public bool IsCatalogFaulty(World world) => !AreOver && world.Chance.Roll(Catalog);
}
