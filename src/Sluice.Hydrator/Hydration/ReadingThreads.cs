namespace Sluice.Hydrator.Hydration;

/// <summary>A thread that reads again and again; while the kernel has it wait in the midst of a reading, another one. A thread that comes back to more
/// than one reading is one too many, and ends.</summary>
internal sealed class ReadingThreads(string name, int limit, TimeSpan longRead, TimeProvider time, Func<bool> read, Action wait) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Reader> _readers = [];
    private volatile bool _isStopped;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _readers.Count;
        }
    }

    /// <summary>Begins.</summary>
    public void Start()
    {
        lock (_lock) Add();
    }

    /// <summary>Starts a thread when all there are have been in one reading for long.</summary>
    public void Supervise()
    {
        lock (_lock)
        {
            if (_isStopped || _readers.Count is 0 || _readers.Count >= limit) return;
            if (_readers.All(reader => reader.ReadingSince is not 0 and var since && time.GetElapsedTime(since) > longRead)) Add();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Does not wait for threads that the kernel has wait.</remarks>
    public void Dispose()
    {
        List<Reader> readers;
        lock (_lock)
        {
            _isStopped = true;
            readers = [.. _readers];
        }

        foreach (var reader in readers) reader.Thread.Join(TimeSpan.FromSeconds(1));
    }

    private void Add()
    {
        var reader = new Reader();
        reader.Thread = new Thread(() => Loop(reader)) { Name = name, IsBackground = true };
        _readers.Add(reader);
        reader.Thread.Start();
    }

    private void Loop(Reader reader)
    {
        try
        {
            while (!_isStopped && !IsSurplus(reader))
            {
                reader.ReadingSince = time.GetTimestamp();
                var found = read();
                reader.ReadingSince = 0;
                if (!found) wait();
            }
        }
        catch (ObjectDisposedException)
        {
            // The file system has been unmounted.
        }
        finally
        {
            lock (_lock) _readers.Remove(reader);
        }
    }

    private bool IsSurplus(Reader reader)
    {
        if (_readers.Count <= 1) return false;
        lock (_lock)
        {
            if (!_readers.Any(other => other != reader && other.ReadingSince == 0)) return false;
            return _readers.Remove(reader);
        }
    }

    private sealed class Reader
    {
        public Thread Thread { get; set; } = null!;

        /// <summary>When its reading began; 0 while it waits for something to read.</summary>
        public long ReadingSince
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        }
    }
}
