namespace Sluice.SimulationTests.Storage;

/// <summary>What becomes of a request.</summary>
internal enum RequestFate
{
    /// <summary>It is done and answered.</summary>
    Answered,

    /// <summary>It never arrives; the caller hears of it soon.</summary>
    Lost,

    /// <summary>It is done, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>The endpoint asks to slow down.</summary>
    Throttled,

    /// <summary>Nothing is heard of it for half a minute.</summary>
    Hung,

    /// <summary>The endpoint refuses it for good.</summary>
    Refused,
}
