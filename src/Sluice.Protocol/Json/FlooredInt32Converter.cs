using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Protocol.Json;

/// <summary>Integers, floored when the number has a fraction.</summary>
public sealed class FlooredInt32Converter : JsonConverter<int>
{
    /// <inheritdoc/>
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = FlooredNumber.Read(ref reader);
        if (value is < int.MinValue or > int.MaxValue)
            throw new JsonException("The number does not fit an integer.");
        return (int)value;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value);
    }
}
