namespace Sluice.Protocol.Faults;

/// <summary>An error as it goes onto the wire or came from it.</summary>
public sealed record WireFault
{
    /// <summary>Name of the header that repeats the code; some SDKs read it before the body.</summary>
    public const string ErrorTypeHeader = "x-amzn-ErrorType";

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The code: <c>__type</c> in the body and the value of <see cref="ErrorTypeHeader"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The text for a person; never empty.</summary>
    public required string Message { get; init; }

    /// <summary>The JSON body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
