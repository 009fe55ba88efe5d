using System.Text.Json;

namespace Sluice.Protocol.Json;

/// <summary>
/// A JSON number where an integer is meant: fractions are floored, as the AWS server framework does. What does not
/// fit a long becomes its nearest end, which the range check of the member then refuses.
/// </summary>
internal static class FlooredNumber
{
    public static long Read(JsonElement number)
    {
        if (number.TryGetInt64(out var whole))
            return whole;
        if (number.TryGetDecimal(out var exact))
            return Floor(exact);
        return number.TryGetDouble(out var rough) ? Saturate(rough) : long.MaxValue;
    }

    public static long Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw new JsonException("A number is expected here.");
        if (reader.TryGetInt64(out var whole))
            return whole;
        if (reader.TryGetDecimal(out var exact))
            return Floor(exact);
        return reader.TryGetDouble(out var rough) ? Saturate(rough) : long.MaxValue;
    }

    private static long Floor(decimal value) => Math.Floor(value) switch
    {
        < long.MinValue => long.MinValue,
        > long.MaxValue => long.MaxValue,
        var floor => (long)floor,
    };

    // Only numbers beyond decimal's range come here, or those too near to zero for it.
    private static long Saturate(double value) => value switch
    {
        >= 1 => long.MaxValue,
        <= -1 => long.MinValue,
        < 0 => -1,
        _ => 0,
    };
}
