using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>What is sent, and what may come back.</summary>
internal sealed record FuzzCase
{
    /// <summary>What is odd about it, for the statistics and for whoever reads a failure.</summary>
    public required string Kind { get; init; }

    public required byte[] Bytes { get; init; }

    public string Method { get; init; } = "POST";

    /// <summary>The operation it reaches; null when it reaches none.</summary>
    public OperationInfo? Operation { get; init; }

    /// <summary>The code it has to be refused with; null when any answer will do that the operation declares.</summary>
    public string? Code { get; init; }

    /// <summary>Answers that come: more than one for pipelined requests.</summary>
    public int Answers { get; init; } = 1;

    /// <summary>It is so broken that the connection may end without an answer, or with one that is HTTP and no more.</summary>
    public bool MayBreak { get; init; }

    /// <summary>What follows on the connection.</summary>
    public FuzzEnding Ending { get; init; }
}
