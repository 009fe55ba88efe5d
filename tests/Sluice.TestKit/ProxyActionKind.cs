namespace Sluice.TestKit;

/// <summary>What the proxy does with a request.</summary>
public enum ProxyActionKind
{
    /// <summary>Pass it on, and its answer back.</summary>
    Forward,

    /// <summary>Take it in, answer an error; the server never sees it.</summary>
    Answer,

    /// <summary>Reset the connection when the head is known; the server never sees it.</summary>
    CutBeforeForward,

    /// <summary>Pass it on, wait for the server's answer, then reset the connection: it is done, but the client does not know.</summary>
    CutAfterForward,

    /// <summary>Pass it on, pass the first half of the answer back, then close the connection.</summary>
    TruncateAnswer,

    /// <summary>Take it in and never answer; the server never sees it. Ends when the client or the proxy closes.</summary>
    Hang,
}
