using System.Globalization;

namespace Sluice.SimulationTests.Virtual;

/// <summary>What happened, in order: as a hash always, as text where somebody wants to read it.</summary>
internal sealed class Trace(bool isRecording)
{
    private const ulong Prime = 0x100_0000_01B3;

    private readonly List<string> _lines = [];

    /// <summary>Equal for equal courses.</summary>
    public ulong Hash { get; private set; } = 0xCBF2_9CE4_8422_2325;

    /// <summary>The text; empty where none was wanted.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Something happened.</summary>
    public void Note(long timeNs, string what, string subject, long value = 0)
    {
        Mix((ulong)timeNs);
        foreach (var c in what) Mix(c);
        foreach (var c in subject) Mix(c);
        Mix((ulong)value);
        if (isRecording) _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{timeNs / 1e9 % 100_000:F6} {what} {subject} {value}"));
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * Prime;
}
