namespace Sluice.TestKit;

/// <summary>What a running process holds, as the kernel tells it.</summary>
/// <param name="ResidentBytes">Memory it has now.</param>
/// <param name="PeakBytes">The most it ever had.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Descriptors">Open files, sockets and the like.</param>
public sealed record ProcessFacts(long ResidentBytes, long PeakBytes, int Threads, int Descriptors)
{
    /// <summary>Reads them.</summary>
    public static ProcessFacts Of(int processId)
    {
        var status = File.ReadLines($"/proc/{processId}/status").Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());
        return new(KiB("VmRSS") << 10, KiB("VmHWM") << 10, int.Parse(status["Threads"]), Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length);

        long KiB(string name) => long.Parse(status[name].Split(' ')[0]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ResidentBytes >> 20} MiB (at most {PeakBytes >> 20} MiB), {Threads} threads, {Descriptors} descriptors";
}
