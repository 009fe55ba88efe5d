using System.Reflection;
using Sluice.Catalog;

namespace Sluice.UnitTests.Server;

/// <summary>A catalog before whose calls a test does something: what others do at that very moment.</summary>
public class InterposedCatalog : DispatchProxy
{
    private ICatalog? _inner;

    /// <summary>What happens before a call; it gets the method's name. Nothing at first.</summary>
    public Func<string, Task> BeforeAsync { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Puts one before <paramref name="inner"/>.</summary>
    public static (ICatalog Catalog, InterposedCatalog Control) Around(ICatalog inner)
    {
        var catalog = Create<ICatalog, InterposedCatalog>();
        var control = (InterposedCatalog)(object)catalog;
        control._inner = inner;
        return (catalog, control);
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.ReturnType.GenericTypeArguments;
        if (result is not [var type]) throw new NotSupportedException($"{targetMethod.Name} answers nothing; the operations under test don't call it.");
        return typeof(InterposedCatalog).GetMethod(nameof(CallAsync), BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(this, [targetMethod, args]);
    }

    private async Task<T> CallAsync<T>(MethodInfo method, object?[]? args)
    {
        await BeforeAsync(method.Name);
        return await (Task<T>)method.Invoke(_inner, args)!;
    }
}
