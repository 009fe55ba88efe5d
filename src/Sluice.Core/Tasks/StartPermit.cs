namespace Sluice.Core.Tasks;

/// <summary>
/// One file's way through its task's <see cref="StartGate"/>. A repository calls <see cref="TryBegin"/> immediately before
/// its first side effect for the file (the first byte on the wire, the temporary file) and <see cref="Begun"/> immediately after;
/// between the two there is nothing that can wait. Later requests for the same file pass at once.
/// Used by one thread at a time until it has begun.
/// </summary>
public sealed class StartPermit
{
    private readonly StartGate? _gate;
    private State _state;

    internal StartPermit(StartGate gate) => _gate = gate;

    private StartPermit() => _state = State.Begun;

    private enum State
    {
        Waiting,
        Beginning,
        Begun,
        Refused,
    }

    /// <summary>For side effects that belong to no task (access checks, completion reports): always begun.</summary>
    public static StartPermit Unrestricted { get; } = new();

    /// <summary>Whether the file's first side effect has been made.</summary>
    public bool HasBegun => _state is State.Begun or State.Beginning;

    /// <summary>Asks to make the next side effect. False: the task was canceled before the file began; nothing may be done for it, ever.</summary>
    public bool TryBegin()
    {
        if (_state == State.Waiting) _state = _gate!.TryBegin() ? State.Beginning : State.Refused;
        return _state != State.Refused;
    }

    /// <summary>The side effect that <see cref="TryBegin"/> allowed is out. Idempotent.</summary>
    public void Begun()
    {
        if (_state != State.Beginning) return;
        _state = State.Begun;
        _gate!.Begun();
    }

    /// <summary>Makes the file's first side effect. Whatever comes of that, the gate does not wait for it afterwards.</summary>
    /// <param name="sideEffect">Waits for nothing.</param>
    /// <returns>What it answers.</returns>
    /// <exception cref="StartRefusedException">The task was canceled before; the side effect was not made.</exception>
    public T BeginWith<T>(Func<T> sideEffect)
    {
        ArgumentNullException.ThrowIfNull(sideEffect);
        BeginOrThrow();
        try
        {
            return sideEffect();
        }
        finally
        {
            Begun();
        }
    }

    /// <inheritdoc cref="BeginWith{T}"/>
    public void BeginWith(Action sideEffect) => BeginWith(() =>
    {
        sideEffect();
        return true;
    });

    /// <summary><see cref="TryBegin"/>, or <see cref="StartRefusedException"/> where it is refused.</summary>
    public void BeginOrThrow()
    {
        if (!TryBegin()) throw new StartRefusedException();
    }
}
