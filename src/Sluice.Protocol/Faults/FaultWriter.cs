using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Core.Faults;

namespace Sluice.Protocol.Faults;

/// <summary>
/// Faults as an AWS JSON 1.1 client reads them: a bare code in <c>__type</c>; <c>Message</c> for the errors of the model,
/// <c>message</c> for those of the framework; every value a text, because some SDKs fail on anything else.
/// </summary>
public static class FaultWriter
{
    /// <summary>The most characters of a modelled error's message (Smithy shape <c>ErrorMessage</c>).</summary>
    public const int MaxMessageLength = 256;

    // Constraint violations are reported together, which takes more than the 256 characters the model gives a message;
    // clients don't check that limit. Each part is cut where it is made, so this is never reached in practice.
    private const int MaxFrameworkMessageLength = 8192;

    // The body is never part of a page: keep quotes and letters readable.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The answer for a modelled fault.</summary>
    /// <param name="fault">The fault; a message over <see cref="MaxMessageLength"/> is cut.</param>
    public static WireFault Write(FsxFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var status = fault.Code == FaultCode.InternalServerError ? 500 : 400;
        return Write(status, fault.Code.ToString(), "Message", WireText.Cut(fault.Message, MaxMessageLength), fault.Members);
    }

    /// <summary>The answer for a fault of the framework.</summary>
    /// <param name="fault">The fault.</param>
    public static WireFault Write(FrameworkFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var isModelled = fault.Code == nameof(FaultCode.BadRequest);
        var message = WireText.Cut(fault.Message, MaxFrameworkMessageLength);
        return Write(fault.Status, fault.Code, isModelled ? "Message" : "message", message, new Dictionary<string, string>());
    }

    private static WireFault Write(
        int status, string code, string messageMember, string message, IReadOnlyDictionary<string, string> members)
    {
        var text = message.Length > 0 ? message : code;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("__type", code);
            writer.WriteString(messageMember, text);
            foreach (var (name, value) in members)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        return new WireFault { Status = status, Code = code, Message = text, Body = buffer.WrittenMemory };
    }
}
