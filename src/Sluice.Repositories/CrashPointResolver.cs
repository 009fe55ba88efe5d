using System.Collections.Concurrent;
using Sluice.Core.Crashing;

namespace Sluice.Repositories;

/// <summary>Has the requests to every bucket pass <see cref="CrashPoint"/>. It owns the resolver behind it.</summary>
public sealed class CrashPointResolver : IRepositoryResolver, IDisposable
{
    private readonly IRepositoryResolver _inner;
    private readonly ConcurrentDictionary<string, IObjectRepository> _repositories = new(StringComparer.Ordinal);

    private CrashPointResolver(IRepositoryResolver inner) => _inner = inner;

    /// <summary>The resolver itself, unless crash points are watched.</summary>
    public static IRepositoryResolver Around(IRepositoryResolver resolver) => CrashPoint.IsWatched ? new CrashPointResolver(resolver) : resolver;

    /// <inheritdoc/>
    public IObjectRepository Resolve(string bucket) => _repositories.GetOrAdd(bucket, name => new CrashPointRepository(_inner.Resolve(name)));

    /// <inheritdoc/>
    public void Dispose() => (_inner as IDisposable)?.Dispose();
}
