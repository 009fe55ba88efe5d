using System.Collections.Concurrent;
using System.Reflection;
using Sluice.Repositories;

namespace Sluice.SystemTests.Release;

/// <summary>Counts the calls of a repository, can act before each, and can hold contents back.</summary>
public class CountedRepository : DispatchProxy
{
    private IObjectRepository? _inner;

    public ConcurrentDictionary<string, int> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>Called with the method's name before each call.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>No content comes before this has completed; null for at once.</summary>
    public Task? Contents { get; set; }

    public static (IObjectRepository Repository, CountedRepository Counter) Around(IObjectRepository inner)
    {
        var proxy = Create<IObjectRepository, CountedRepository>();
        var counter = (CountedRepository)(object)proxy;
        counter._inner = inner;
        return (proxy, counter);
    }

    public int Of(string method) => Calls.GetValueOrDefault(method);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Calls.AddOrUpdate(targetMethod!.Name, 1, (_, count) => count + 1);
        Before?.Invoke(targetMethod.Name);
        return Contents is { } contents && targetMethod.Name == nameof(IObjectRepository.GetAsync)
            ? GetAfterAsync(contents, targetMethod, args)
            : targetMethod.Invoke(_inner, args);
    }

    private async Task<ObjectContent> GetAfterAsync(Task contents, MethodInfo get, object?[]? args)
    {
        await contents;
        return await (Task<ObjectContent>)get.Invoke(_inner, args)!;
    }
}
