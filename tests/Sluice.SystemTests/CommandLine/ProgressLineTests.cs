using Microsoft.Extensions.Time.Testing;
using Sluice.CommandLine;
using Sluice.CommandLine.Output;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>The progress of a task on standard error.</summary>
public sealed class ProgressLineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Without_a_terminal_each_state_is_a_plain_line()
    {
        var line = Line(isTerminal: false);
        line.Show(new ProgressSample("PENDING", 0, 0, 0, null));
        line.Show(new ProgressSample("EXECUTING", 0, 0, 10, (0, 2048)));
        line.Show(new ProgressSample("EXECUTING", 4, 0, 10, (512, 2048)));
        line.Show(new ProgressSample("FAILED", 9, 1, 10, (1024, 2048)));
        line.Leave();

        Assert.Equal("PENDING: 0/0 files\nEXECUTING: 0/10 files  0 B/2 KiB\nFAILED: 10/10 files  1 KiB/2 KiB  1 failed\n", _error.ToString());
    }

    [Fact]
    public void Without_a_terminal_a_long_state_is_told_again_now_and_then()
    {
        var line = Line(isTerminal: false);
        line.Show(new ProgressSample("EXECUTING", 1, 0, 10, null));
        _time.Advance(TimeSpan.FromSeconds(9));
        line.Show(new ProgressSample("EXECUTING", 2, 0, 10, null));
        _time.Advance(TimeSpan.FromSeconds(1));
        line.Show(new ProgressSample("EXECUTING", 3, 0, 10, null));

        Assert.Equal("EXECUTING: 1/10 files\nEXECUTING: 3/10 files\n", _error.ToString());
    }

    [Fact]
    public void A_terminal_gets_one_line_with_bar_rates_and_what_is_left()
    {
        var line = Line(isTerminal: true);
        line.Show(new ProgressSample("EXECUTING", 0, 0, 100, (0, 1 << 20)));
        _time.Advance(TimeSpan.FromSeconds(2));
        line.Show(new ProgressSample("EXECUTING", 48, 2, 100, (1 << 19, 1 << 20)));
        line.Leave();

        var drawn = _error.ToString();
        Assert.EndsWith(
            "\r\u001b[K\u001b[?7l\u001b[36mEXECUTING\u001b[0m [############------------] 50/100 files  512 KiB/1 MiB  2 failed  25/s  256 KiB/s  ETA 0:02\u001b[?7h\n",
            drawn, StringComparison.Ordinal);
        Assert.Equal(1, drawn.Count(c => c == '\n'));
    }

    [Fact]
    public void Colours_are_left_out_where_they_are_not_wanted()
    {
        var line = Line(isTerminal: true, noColour: "1");
        line.Show(new ProgressSample("CANCELED", 1, 0, 2, null));

        Assert.Equal("\r\u001b[K\u001b[?7lCANCELED [############------------] 1/2 files\u001b[?7h", _error.ToString());
    }

    [Fact]
    public void A_message_does_not_run_into_the_live_line()
    {
        var line = Line(isTerminal: true, noColour: "1");
        line.Show(new ProgressSample("EXECUTING", 0, 0, 1, null));
        line.Say("Canceling.");

        Assert.EndsWith("\u001b[?7h\nCanceling.\n", _error.ToString(), StringComparison.Ordinal);
    }

    private ProgressLine Line(bool isTerminal, string? noColour = null) => new(new CommandContext
    {
        Error = _error, IsTerminal = isTerminal, Time = _time, Variable = name => name == "NO_COLOR" ? noColour : null,
    });
}
