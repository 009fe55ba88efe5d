using System.Globalization;
using System.Text;

namespace Sluice.CommandLine.Output;

/// <summary>A task's state at one moment.</summary>
/// <param name="State">Lifecycle as the API spells it.</param>
/// <param name="Done">Files done.</param>
/// <param name="Failed">Files failed.</param>
/// <param name="Total">Files found.</param>
/// <param name="BytesDone">Bytes done; null when not known.</param>
/// <param name="BytesTotal">Bytes found; null when not known.</param>
internal readonly record struct ProgressSample(string State, long Done, long Failed, long Total, long? BytesDone, long? BytesTotal);

/// <summary>Draws a task's progress on standard error: a live line with a bar on a terminal, else a plain line when the state changes.</summary>
internal sealed class ProgressLine(CommandContext context)
{
    private const int BarWidth = 24;

    private readonly long _start = context.Time.GetTimestamp();
    private readonly Queue<(long Timestamp, long Files, long Bytes)> _window = new();
    private string? _lastState;

    /// <summary>Shows a sample.</summary>
    public void Show(ProgressSample sample)
    {
        if (context.IsTerminal) Draw(sample);
        else if (sample.State != _lastState) context.Error.WriteLine($"{sample.State}: {Counts(sample)}");
        _lastState = sample.State;
    }

    /// <summary>Ends the live line, so that what follows begins on one of its own.</summary>
    public void End(ProgressSample sample)
    {
        if (!context.IsTerminal) return;
        Draw(sample);
        context.Error.WriteLine();
    }

    private void Draw(ProgressSample sample)
    {
        var (filesPerSecond, bytesPerSecond) = Rates(sample);
        var done = sample.Done + sample.Failed;
        var share = sample is { BytesTotal: > 0, BytesDone: { } bytes } ? (double)bytes / sample.BytesTotal.Value : sample.Total > 0 ? (double)done / sample.Total : 0;
        var line = new StringBuilder("\r\u001b[K");
        line.Append(Coloured(sample.State)).Append(" [").Append('#', (int)(share * BarWidth)).Append('-', BarWidth - (int)(share * BarWidth)).Append("] ");
        line.Append(Counts(sample));
        line.Append(CultureInfo.InvariantCulture, $"  {filesPerSecond:0}/s");
        if (sample.BytesDone is not null) line.Append(CultureInfo.InvariantCulture, $" {Format.Bytes(bytesPerSecond)}/s");
        if (sample.State == "EXECUTING" && filesPerSecond > 0 && sample.Total > done)
            line.Append(CultureInfo.InvariantCulture, $"  ETA {Format.Span(Eta(sample, filesPerSecond, bytesPerSecond))}");
        context.Error.Write(line);
    }

    private static TimeSpan Eta(ProgressSample sample, double filesPerSecond, double bytesPerSecond)
    {
        var byFiles = (sample.Total - sample.Done - sample.Failed) / filesPerSecond;
        var byBytes = sample is { BytesTotal: { } total, BytesDone: { } done } && bytesPerSecond > 0 ? (total - done) / bytesPerSecond : 0;
        return TimeSpan.FromSeconds(Math.Min(Math.Max(byFiles, byBytes), TimeSpan.FromDays(99).TotalSeconds));
    }

    private static string Counts(ProgressSample sample)
    {
        var text = $"{Format.Count(sample.Done + sample.Failed)}/{Format.Count(sample.Total)} files";
        if (sample is { BytesDone: { } done, BytesTotal: { } total }) text += $"  {Format.Bytes(done)}/{Format.Bytes(total)}";
        if (sample.Failed > 0) text += $"  {Format.Count(sample.Failed)} failed";
        return text;
    }

    /// <summary>Rates over the last seconds, so that they follow what happens now.</summary>
    private (double Files, double Bytes) Rates(ProgressSample sample)
    {
        var now = context.Time.GetTimestamp();
        _window.Enqueue((now, sample.Done + sample.Failed, sample.BytesDone ?? 0));
        while (_window.Count > 2 && context.Time.GetElapsedTime(_window.Peek().Timestamp, now) > TimeSpan.FromSeconds(5)) _window.Dequeue();
        var (timestamp, files, bytes) = _window.Peek();
        var seconds = context.Time.GetElapsedTime(timestamp == now ? _start : timestamp, now).TotalSeconds;
        return seconds <= 0 ? (0, 0) : ((sample.Done + sample.Failed - files) / seconds, ((sample.BytesDone ?? 0) - bytes) / seconds);
    }

    private string Coloured(string state)
    {
        if (!context.HasColours) return state;
        var colour = state switch
        {
            "SUCCEEDED" => 32,
            "FAILED" => 31,
            "CANCELING" or "CANCELED" => 33,
            _ => 36,
        };
        return string.Create(CultureInfo.InvariantCulture, $"\u001b[{colour}m{state}\u001b[0m");
    }
}
