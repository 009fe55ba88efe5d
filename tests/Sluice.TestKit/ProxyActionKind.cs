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

    /// <summary>Pass it on with one bit of its body turned over; its answer goes back as it is.</summary>
    CorruptRequest,

    /// <summary>Pass it on, and its answer back with one bit of its body turned over.</summary>
    CorruptAnswer,

    /// <summary>Pass it on, and once it is answered pass it on again: the client gets the second answer alone.</summary>
    Duplicate,

    /// <summary>Take it in and never answer; the server never sees it. Ends when the client or the proxy closes.</summary>
    Hang,
}
