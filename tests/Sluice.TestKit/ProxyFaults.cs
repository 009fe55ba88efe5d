using System.Text;

namespace Sluice.TestKit;

/// <summary>Rules for <see cref="S3Proxy"/> that do harm.</summary>
public static class ProxyFaults
{
    /// <summary>
    /// Random faults. What befalls a request depends on the seed, on what it asks (operation, key, part) and on how many like it came
    /// before, not on the order in which different requests arrive: so a seed repeats its faults although threads race.
    /// </summary>
    public static Func<ProxyRequest, ProxyAction> Random(ulong seed, ProxyFaultRates rates)
    {
        var seen = new Dictionary<string, (int Attempts, int Faults)>();
        return request =>
        {
            var name = $"{request.Operation} {request.Key} {request.PartNumber}";
            var (attempts, faults) = seen.GetValueOrDefault(name);
            var (first, second) = Dice(seed, $"{name} {attempts}");
            var action = faults < rates.MostPerRequest ? Choose(rates, first, second) : ProxyAction.Forward;
            seen[name] = (attempts + 1, faults + (action.Kind == ProxyActionKind.Forward ? 0 : 1));
            return action;
        };
    }

    /// <summary>Answers an S3 error to the requests that match and passes the others on.</summary>
    public static Func<ProxyRequest, ProxyAction> Refuse(Func<ProxyRequest, bool> match, int status, string code) =>
        request => match(request) ? ProxyAction.Answer(status, code) : ProxyAction.Forward;

    private static ProxyAction Choose(ProxyFaultRates rates, double dice, double second)
    {
        (double Share, ProxyAction Action)[] choices =
        [
            (rates.ServerError, ProxyAction.Answer(500, "InternalError")),
            (rates.SlowDown, ProxyAction.Answer(503, "SlowDown")),
            (rates.CutBeforeForward, ProxyAction.CutBeforeForward),
            (rates.CutAfterForward, ProxyAction.CutAfterForward),
            (rates.TruncateAnswer, ProxyAction.TruncateAnswer),
            (rates.Delay, ProxyAction.Forward.After(rates.LongestDelay * second)),
        ];
        foreach (var (share, action) in choices)
        {
            if (dice < share)
                return action;
            dice -= share;
        }

        return ProxyAction.Forward;
    }

    private static (double First, double Second) Dice(ulong seed, string name)
    {
        const ulong FnvPrime = 0x100000001B3;
        var hash = 0xCBF29CE484222325 ^ seed;
        foreach (var value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * FnvPrime;
        var bytes = TestContent.Bytes(hash, 2 * sizeof(ulong));
        return (Share(bytes), Share(bytes.AsSpan(sizeof(ulong))));

        static double Share(ReadOnlySpan<byte> bytes) => (BitConverter.ToUInt64(bytes) >> 11) * (1.0 / (1UL << 53));
    }
}
