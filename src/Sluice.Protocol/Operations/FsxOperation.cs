using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Faults;

namespace Sluice.Protocol.Operations;

/// <summary>An operation in scope with the types of its input and output.</summary>
/// <typeparam name="TInput">The wire shape of the request.</typeparam>
/// <typeparam name="TOutput">The wire shape of the answer.</typeparam>
public sealed class FsxOperation<TInput, TOutput>
    where TInput : class
    where TOutput : class
{
    private readonly JsonTypeInfo<TInput> _inputType;
    private readonly JsonTypeInfo<TOutput> _outputType;

    internal FsxOperation(string name, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType)
        : this(OperationTable.Find(name)!, inputType, outputType)
    {
    }

    internal FsxOperation(OperationInfo info, JsonTypeInfo<TInput> inputType, JsonTypeInfo<TOutput> outputType)
    {
        Info = info;
        _inputType = inputType;
        _outputType = outputType;
    }

    /// <summary>The operation's row in the table.</summary>
    public OperationInfo Info { get; }

    /// <summary>Server side: checks every constraint and reads the request.</summary>
    /// <param name="request">From <see cref="RequestDocument.Parse"/>.</param>
    /// <exception cref="FrameworkFault">SerializationException or BadRequest.</exception>
    public TInput ReadInput(JsonElement request)
    {
        RequestValidator.Validate(Info.Input!, request);
        return request.Deserialize(_inputType)!;
    }

    /// <summary>Server side: the body of a success.</summary>
    /// <param name="output">The answer.</param>
    public byte[] WriteOutput(TOutput output) => JsonSerializer.SerializeToUtf8Bytes(output, _outputType);

    /// <summary>Client side: the body of a request.</summary>
    /// <param name="input">The request.</param>
    public byte[] WriteInput(TInput input) => JsonSerializer.SerializeToUtf8Bytes(input, _inputType);

    /// <summary>Client side: reads a success.</summary>
    /// <param name="body">The bytes received.</param>
    /// <exception cref="JsonException">They are not that answer.</exception>
    public TOutput ReadOutput(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, _outputType) ?? throw new JsonException("The answer is null.");
}
