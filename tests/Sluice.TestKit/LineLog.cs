namespace Sluice.TestKit;

/// <summary>The lines of a stream so far, and who waits for which.</summary>
internal sealed class LineLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Match, TaskCompletionSource<string?> Found)> _waiting = [];
    private bool _ended;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public string Text => string.Concat(Lines.Select(line => line + "\n"));

    /// <summary>Reads to the stream's end.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                Add(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process was disposed while something it started still held the stream open.
        }

        lock (_lock)
        {
            _ended = true;
            foreach (var (_, found) in _waiting)
                found.TrySetResult(null);
            _waiting.Clear();
        }
    }

    /// <summary>The first line that matches; null when the stream ends without one.</summary>
    public Task<string?> WaitForAsync(Func<string, bool> match)
    {
        lock (_lock)
        {
            var line = _lines.Find(candidate => match(candidate));
            if (line is not null || _ended)
                return Task.FromResult(line);
            var found = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((match, found));
            return found.Task;
        }
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var waiter in _waiting.Where(waiter => waiter.Match(line)).ToArray())
            {
                waiter.Found.TrySetResult(line);
                _waiting.Remove(waiter);
            }
        }
    }
}
