namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>What a client does after its bytes.</summary>
internal enum FuzzEnding
{
    /// <summary>Reads the answer and goes on.</summary>
    GoOn,

    /// <summary>Reads the answer, ends its side of the connection, and waits for the end of the other.</summary>
    Close,

    /// <summary>Ends its side of the connection before an answer can have come, which may stop the server from giving one.</summary>
    EndSending,

    /// <summary>Breaks the connection off.</summary>
    Reset,
}
