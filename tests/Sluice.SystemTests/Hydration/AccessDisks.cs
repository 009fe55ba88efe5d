using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>A disk of each kind for the whole matrix, made when the first row needs it.</summary>
public sealed class AccessDisks : IAsyncLifetime
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<AccessDisk>> _disks = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    internal Task<AccessDisk> OfAsync(string kind)
    {
        lock (_lock) return _disks.TryGetValue(kind, out var disk) ? disk : _disks[kind] = AccessDisk.CreateAsync(kind, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disk in _disks.Values)
        {
            // One that could not be made has failed its tests and is gone already.
            await Task.WhenAny(disk);
            if (disk.IsCompletedSuccessfully) await (await disk).DisposeAsync();
        }
    }
}
