using Sluice.Core.Files;

namespace Sluice.Engine.Movers;

/// <summary>What became of one entry.</summary>
internal readonly record struct MoveResult
{
    private MoveResult(MoveKind kind, FailureCode code, string detail) => (Kind, Code, Detail) = (kind, code, detail);

    /// <summary>The entry is archived.</summary>
    public static MoveResult Done { get; } = new(MoveKind.Done, default, "");

    /// <summary>A closer look showed that it is archived already.</summary>
    public static MoveResult NothingToDo { get; } = new(MoveKind.NothingToDo, default, "");

    /// <summary>The entry has begun and is not at its end; whoever finishes it counts it.</summary>
    public static MoveResult Deferred { get; } = new(MoveKind.Deferred, default, "");

    /// <summary>Which of them.</summary>
    public MoveKind Kind { get; }

    /// <summary>Why it failed.</summary>
    public FailureCode Code { get; }

    /// <summary>For the log.</summary>
    public string Detail { get; }

    /// <summary>The entry is done; the report says what there is to know about it.</summary>
    public static MoveResult Warned(FailureCode code, string detail) => new(MoveKind.Warned, code, detail);

    /// <summary>The entry failed.</summary>
    public static MoveResult Failed(FailureCode code, string detail) => new(MoveKind.Failed, code, detail);
}

/// <summary>Kinds of <see cref="MoveResult"/>.</summary>
internal enum MoveKind
{
    /// <summary>Archived by this task.</summary>
    Done,

    /// <summary>Archived before; not counted.</summary>
    NothingToDo,

    /// <summary>Failed; a row of the report.</summary>
    Failed,

    /// <summary>Done by this task; a row of the report warns about it.</summary>
    Warned,

    /// <summary>Begun by this task; counted when it is finished.</summary>
    Deferred,
}
