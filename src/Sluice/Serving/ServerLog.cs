using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Sluice.CommandLine.Serving;

/// <summary>The server's log: on standard error, an event a line; for journald with its priorities, else with the time.</summary>
internal static class ServerLog
{
    /// <summary>Sets it up.</summary>
    public static Action<ILoggingBuilder> For(CommandContext context) => logging =>
    {
        // A start that fails is an exception already, and told as such.
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (context.Variable("JOURNAL_STREAM") is not null) logging.AddSystemdConsole();
        else logging.AddSimpleConsole(line => Configure(line, context));
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    };

    private static void Configure(SimpleConsoleFormatterOptions line, CommandContext context)
    {
        line.SingleLine = true;
        line.UseUtcTimestamp = true;
        line.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        line.ColorBehavior = context.HasColours ? LoggerColorBehavior.Enabled : LoggerColorBehavior.Disabled;
    }
}
