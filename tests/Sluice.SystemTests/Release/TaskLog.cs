using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sluice.SystemTests.Release;

/// <summary>Keeps what the engine logs.</summary>
internal sealed class TaskLog : ILogger
{
    /// <summary>Messages in order.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception?.Message}".TrimEnd());
}
