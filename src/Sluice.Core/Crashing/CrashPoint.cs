namespace Sluice.Core.Crashing;

/// <summary>
/// The places before and after each side effect where a test has the process die, to prove that what is left then is mended. Off, which it is for every user,
/// a passing costs the look at one field. <see cref="SideEffect"/> names the effects.
/// </summary>
public static class CrashPoint
{
    private static Action<string>? _onPassing;

    /// <summary>Whether somebody watches the passings.</summary>
    public static bool IsWatched => _onPassing is not null;

    /// <summary>Has <paramref name="onPassing"/> called at every passing, on the passing thread, with the point's name: <c>EFFECT:before</c> or
    /// <c>EFFECT:after</c>. Once, before anything else is begun.</summary>
    public static void Watch(Action<string> onPassing)
    {
        if (_onPassing is not null) throw new InvalidOperationException("Crash points are watched already.");
        _onPassing = onPassing;
    }

    /// <summary>Has an effect pass both.</summary>
    public static async Task<T> PassAsync<T>(string effect, Func<Task<T>> actAsync)
    {
        ArgumentNullException.ThrowIfNull(actAsync);
        Before(effect);
        var result = await actAsync();
        After(effect);
        return result;
    }

    /// <inheritdoc cref="PassAsync{T}"/>
    public static async Task PassAsync(string effect, Func<Task> actAsync)
    {
        ArgumentNullException.ThrowIfNull(actAsync);
        Before(effect);
        await actAsync();
        After(effect);
    }

    /// <summary>The effect comes next.</summary>
    public static void Before(string effect) => _onPassing?.Invoke($"{effect}:before");

    /// <summary>The effect has happened, and nothing that depends on it.</summary>
    public static void After(string effect) => _onPassing?.Invoke($"{effect}:after");
}
