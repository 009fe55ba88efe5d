using System.Globalization;
using Sluice.Posix;

namespace Sluice.Hydrator.Holding;

/// <summary>The holder's descriptors by name, also kept by the service manager where there is one.</summary>
internal sealed class HeldDescriptors(ServiceManager? manager, IReadOnlyDictionary<string, Fd> stored) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Fd> _held = new(stored.ToDictionary(), StringComparer.Ordinal);
    private TaskCompletionSource _changed = New();

    /// <summary>Whether it takes nothing any more, because it came to hold nothing.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Completes when it has ended.</summary>
    public TaskCompletionSource Ended { get; } = New();

    /// <summary>Takes a descriptor.</summary>
    /// <returns>False when the name is in use.</returns>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public bool TryAdd(string name, Fd descriptor)
    {
        lock (_lock)
        {
            if (IsEnded) throw new InvalidOperationException("ending");
            if (!_held.TryAdd(name, descriptor)) return false;
            manager?.Store(name, descriptor);
            SignalChange();
            return true;
        }
    }

    /// <summary>Lets go of a descriptor; ends with the last, unless a service manager decides that.</summary>
    public void Remove(string name)
    {
        lock (_lock)
        {
            if (!_held.Remove(name, out var descriptor)) return;
            manager?.Remove(name);
            descriptor.Dispose();
            if (manager is null) EndIfEmpty();
            SignalChange();
        }
    }

    /// <summary>Ends when it holds nothing.</summary>
    /// <returns>Whether it has ended.</returns>
    public bool EndIfEmpty()
    {
        lock (_lock)
        {
            if (_held.Count == 0) IsEnded = true;
            if (IsEnded) Ended.TrySetResult();
            return IsEnded;
        }
    }

    /// <summary>Lines of name and number, and what tells of the next change.</summary>
    public (IReadOnlyList<string> Lines, Task Changed) List()
    {
        lock (_lock)
            return ([.. _held.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key} {item.Value.Number}"))], _changed.Task);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var descriptor in _held.Values) descriptor.Dispose();
    }

    private void SignalChange()
    {
        _changed.TrySetResult();
        _changed = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
