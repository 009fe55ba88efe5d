using Microsoft.Extensions.DependencyInjection;
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
        logging.Services.AddSingleton<ConsoleFormatter>(
            new LogLineFormatter(hasPriorities: context.Variable("JOURNAL_STREAM") is not null, context.HasColours, context.Time));
        logging.AddConsole(console => (console.LogToStandardErrorThreshold, console.FormatterName) = (LogLevel.Trace, LogLineFormatter.FormatterName));
    };
}
