using Sluice.Posix;
using Sluice.Posix.Fanotify;

namespace Sluice.Hydrator.Hydration;

/// <summary>Those who wait for files, by file, and the answers to them.</summary>
/// <param name="group">Where they wait.</param>
/// <param name="journal">What has note of them.</param>
/// <param name="limit">How many may wait: each takes a descriptor.</param>
internal sealed class WaitingEvents(FanotifyGroup group, EventJournal journal, long limit)
{
    private long _count;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<AccessEvent>> _byFile = [];

    /// <summary>Somebody waits for a file.</summary>
    /// <returns>Whether it is the first: the file's restore is to be begun.</returns>
    /// <exception cref="PosixException">EAGAIN: too many wait.</exception>
    public bool Add(byte[] handle, AccessEvent access)
    {
        var key = Convert.ToHexString(handle);
        lock (_lock)
        {
            if (_count >= limit) throw new PosixException(Errno.EAGAIN, "read of fanotify events");
            _count++;
            if (_byFile.TryGetValue(key, out var waiting))
            {
                waiting.Add(access);
                return false;
            }

            _byFile.Add(key, [access]);
            return true;
        }
    }

    /// <summary>The file's restore has ended: all who wait for it are answered.</summary>
    public void AnswerAll(byte[] handle, Errno? error)
    {
        List<AccessEvent> waiting;
        lock (_lock)
        {
            if (!_byFile.Remove(Convert.ToHexString(handle), out waiting!)) return;
            _count -= waiting.Count;
        }

        foreach (var access in waiting) Answer(access, error);
    }

    /// <summary>Answers one, and forgets it: in this order, because the closed descriptor's number may be the next event's.</summary>
    public void Answer(AccessEvent access, Errno? error)
    {
        if (error is { } errno) group.Deny(access, errno);
        else group.Allow(access);
        journal.Clear(access.File.Number);
        access.File.Dispose();
    }
}
