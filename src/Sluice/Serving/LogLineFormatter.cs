using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Sluice.CommandLine.Output;

namespace Sluice.CommandLine.Serving;

/// <summary>
/// One line for each event, whatever names and messages of others are in it: no line can be forged and no terminal be told anything.
/// <code>
/// on a terminal, in a file   2030-01-01T00:00:00.000Z warn: Sluice.Engine[0] message exception
/// for journald               &lt;4&gt;Sluice.Engine[0] message exception
/// </code>
/// </summary>
/// <param name="hasPriorities">For journald: its priorities instead of time and level.</param>
/// <param name="hasColours">Whether the level is coloured.</param>
/// <param name="time">The clock.</param>
internal sealed class LogLineFormatter(bool hasPriorities, bool hasColours, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The name it is chosen by.</summary>
    public const string FormatterName = "sluice";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Exception is { } exception) message = $"{message} {exception.ToString().ReplaceLineEndings(" ")}";
        textWriter.WriteLine($"{Beginning(logEntry.LogLevel)}{logEntry.Category}[{logEntry.EventId.Id}] {Format.Name(message)}");
    }

    private string Beginning(LogLevel level)
    {
        var (word, priority, colour) = level switch
        {
            LogLevel.Trace => ("trce", 7, 36),
            LogLevel.Debug => ("dbug", 7, 36),
            LogLevel.Warning => ("warn", 4, 33),
            LogLevel.Error => ("fail", 3, 31),
            LogLevel.Critical => ("crit", 2, 31),
            LogLevel.Information or LogLevel.None => ("info", 6, 32),
        };
        if (hasPriorities) return string.Create(CultureInfo.InvariantCulture, $"<{priority}>");
        var shown = hasColours ? string.Create(CultureInfo.InvariantCulture, $"\u001b[{colour}m{word}\u001b[0m") : word;
        return $"{time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {shown}: ";
    }
}
