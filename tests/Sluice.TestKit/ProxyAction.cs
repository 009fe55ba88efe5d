namespace Sluice.TestKit;

/// <summary>What the proxy does with a request, and when.</summary>
public sealed record ProxyAction
{
    private ProxyAction(ProxyActionKind kind) => Kind = kind;

    /// <inheritdoc cref="ProxyActionKind.Forward"/>
    public static ProxyAction Forward { get; } = new(ProxyActionKind.Forward);

    /// <inheritdoc cref="ProxyActionKind.CutBeforeForward"/>
    public static ProxyAction CutBeforeForward { get; } = new(ProxyActionKind.CutBeforeForward);

    /// <inheritdoc cref="ProxyActionKind.CutAfterForward"/>
    public static ProxyAction CutAfterForward { get; } = new(ProxyActionKind.CutAfterForward);

    /// <inheritdoc cref="ProxyActionKind.TruncateAnswer"/>
    public static ProxyAction TruncateAnswer { get; } = new(ProxyActionKind.TruncateAnswer);

    /// <inheritdoc cref="ProxyActionKind.CorruptRequest"/>
    public static ProxyAction CorruptRequest { get; } = new(ProxyActionKind.CorruptRequest);

    /// <inheritdoc cref="ProxyActionKind.CorruptAnswer"/>
    public static ProxyAction CorruptAnswer { get; } = new(ProxyActionKind.CorruptAnswer);

    /// <inheritdoc cref="ProxyActionKind.Duplicate"/>
    public static ProxyAction Duplicate { get; } = new(ProxyActionKind.Duplicate);

    /// <inheritdoc cref="ProxyActionKind.Hang"/>
    public static ProxyAction Hang { get; } = new(ProxyActionKind.Hang);

    /// <summary>What.</summary>
    public ProxyActionKind Kind { get; }

    /// <summary><see cref="ProxyActionKind.Answer"/>: the status.</summary>
    public int Status { get; private init; }

    /// <summary><see cref="ProxyActionKind.Answer"/>: the error code S3 would name.</summary>
    public string Code { get; private init; } = "";

    /// <summary><see cref="ProxyActionKind.Answer"/>: the server's clock, told by the answer's <c>Date</c>; null for none.</summary>
    public DateTimeOffset? Date { get; private init; }

    /// <summary>How long it waits first.</summary>
    public TimeSpan Wait { get; private init; }

    /// <summary>What it waits for first.</summary>
    public Task Release { get; private init; } = Task.CompletedTask;

    /// <summary>Forwards after <paramref name="milliseconds"/>. A client that leaves meanwhile takes its request with it.</summary>
    public static ProxyAction Delay(int milliseconds) => Forward.After(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>
    /// Answers an S3 error, as 503 with <c>SlowDown</c>. The request's body is taken in first unless the client holds it back.
    /// </summary>
    public static ProxyAction Answer(int status, string code) => new(ProxyActionKind.Answer) { Status = status, Code = code };

    /// <summary>The same answer by a server whose clock says <paramref name="date"/>.</summary>
    public ProxyAction At(DateTimeOffset date) => this with { Date = date };

    /// <summary>The same after a time.</summary>
    public ProxyAction After(TimeSpan wait) => this with { Wait = wait };

    /// <summary>The same when <paramref name="release"/> completes, however it does: a barrier in the hand of the test.</summary>
    public ProxyAction When(Task release) => this with { Release = release };
}
