using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Protocol.Json;

/// <summary>Longs, floored when the number has a fraction.</summary>
public sealed class FlooredInt64Converter : JsonConverter<long>
{
    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FlooredNumber.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value);
    }
}
