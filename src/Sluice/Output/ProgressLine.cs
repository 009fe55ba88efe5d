using System.Globalization;
using System.Text;

namespace Sluice.CommandLine.Output;

/// <summary>Draws a task's progress on standard error: on a terminal one live line with a bar, else a plain line when the state changes and now
/// and then between.</summary>
internal sealed class ProgressLine(CommandContext context)
{
    private const int BarWidth = 24;

    // Carriage return, erase to the end of the line, and no wrapping while the line is written: a narrow window cuts it.
    private const string Begin = "\r\u001b[K\u001b[?7l";
    private const string Finish = "\u001b[?7h";

    private static readonly TimeSpan BetweenPlainLines = TimeSpan.FromSeconds(10);

    private readonly ProgressRate _rate = new(context.Time);
    private string? _lastState;
    private long _lastPlain;
    private bool _isDrawn;

    /// <summary>Shows a sample.</summary>
    public void Show(ProgressSample sample)
    {
        _rate.Add(sample);
        if (context.IsTerminal) Draw(sample);
        else WritePlain(sample);
    }

    /// <summary>Writes a message on a line of its own.</summary>
    public void Say(string message)
    {
        Leave();
        context.Error.WriteLine(message);
    }

    /// <summary>Leaves the live line, so that what follows begins on one of its own.</summary>
    public void Leave()
    {
        if (_isDrawn) context.Error.WriteLine();
        _isDrawn = false;
    }

    private void WritePlain(ProgressSample sample)
    {
        if (sample.State == _lastState && context.Time.GetElapsedTime(_lastPlain) < BetweenPlainLines) return;
        _lastState = sample.State;
        _lastPlain = context.Time.GetTimestamp();
        context.Error.WriteLine($"{sample.State}: {sample}");
    }

    private void Draw(ProgressSample sample)
    {
        var filled = (int)(sample.Share * BarWidth);
        var line = new StringBuilder(Begin).Append(Coloured(sample.State));
        line.Append(" [").Append('#', filled).Append('-', BarWidth - filled).Append("] ").Append(sample);
        if (!sample.IsEnded)
        {
            line.Append(CultureInfo.InvariantCulture, $"  {_rate.Files:0}/s");
            if (sample.Bytes is not null) line.Append(CultureInfo.InvariantCulture, $"  {Format.Bytes(_rate.Bytes)}/s");
            if (sample.State == "EXECUTING" && _rate.Remaining(sample) is { } remaining) line.Append(CultureInfo.InvariantCulture, $"  ETA {Format.Span(remaining)}");
        }

        context.Error.Write(line.Append(Finish));
        _isDrawn = true;
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
