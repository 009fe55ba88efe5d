namespace Sluice.CommandLine.Output;

/// <summary>Files and bytes a second over the last seconds, so that they follow what happens now.</summary>
internal sealed class ProgressRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Timestamp, long Files, long Bytes)> _samples = new();

    /// <summary>Files a second.</summary>
    public double Files { get; private set; }

    /// <summary>Bytes a second.</summary>
    public double Bytes { get; private set; }

    /// <summary>Takes a sample in.</summary>
    public void Add(ProgressSample sample)
    {
        var now = time.GetTimestamp();
        var bytes = sample.Bytes?.Done ?? 0;
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.Peek().Timestamp, now) > Window) _samples.Dequeue();
        if (_samples.TryPeek(out var first) && time.GetElapsedTime(first.Timestamp, now).TotalSeconds is > 0 and var seconds)
        {
            Files = Math.Max(0, (sample.Settled - first.Files) / seconds);
            Bytes = Math.Max(0, (bytes - first.Bytes) / seconds);
        }

        _samples.Enqueue((now, sample.Settled, bytes));
    }

    /// <summary>How long the rest takes at this rate, files and bytes looked at; null when there is no telling.</summary>
    public TimeSpan? Remaining(ProgressSample sample)
    {
        if (Files <= 0 || sample.Total <= sample.Settled) return null;
        var byFiles = (sample.Total - sample.Settled) / Files;
        var byBytes = sample.Bytes is var (done, total) && Bytes > 0 ? (total - done) / Bytes : 0;
        return TimeSpan.FromSeconds(Math.Min(Math.Max(byFiles, byBytes), TimeSpan.FromDays(99).TotalSeconds));
    }
}
