using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Protocol.Json;

/// <summary>
/// Instants as AWS JSON 1.1 has them: a JSON number of Unix seconds with a millisecond fraction (<c>1571863850.075</c>).
/// What is finer than a millisecond is cut off.
/// </summary>
public sealed class EpochSecondsConverter : JsonConverter<DateTimeOffset>
{
    private const decimal EarliestSeconds = -62_135_596_800m;
    private const decimal LatestSeconds = 253_402_300_799m;

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var seconds)
            || seconds is < EarliestSeconds or > LatestSeconds)
        {
            throw new JsonException("An instant is a number of seconds since 1970-01-01T00:00:00Z.");
        }

        return DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Floor(seconds * 1000));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // A decimal keeps its scale: always three digits after the point, never an exponent.
        writer.WriteNumberValue(new decimal(value.ToUnixTimeMilliseconds()) * 0.001m);
    }
}
