using Microsoft.Extensions.Logging;
using Sluice.CommandLine.Output;

namespace Sluice.CommandLine.Export;

/// <summary>Shows what the engine warns of as lines between the progress; a single stack trace would hide what matters.</summary>
internal sealed class NoticeLogger(Action<string> say) : ILogger, ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var message = formatter(state, exception);
        say($"sluice: {Format.Name(exception is null ? message : $"{message}: {exception.Message}")}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
