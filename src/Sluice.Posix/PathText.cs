using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Posix;

/// <summary>
/// Shows the bytes of a path to people: UTF-8 stays readable; control characters and bytes that are no UTF-8 become
/// <c>\xNN</c>; long paths keep their beginning and their end. The text is for messages only and is never turned back into a path.
/// </summary>
public static class PathText
{
    /// <summary>Bytes of a path that a message shows at most.</summary>
    private const int ShownBytes = 512;

    /// <summary>The text of a path.</summary>
    public static string Of(ReadOnlySpan<byte> path)
    {
        var text = new StringBuilder();
        if (path.Length <= ShownBytes)
        {
            Append(text, path);
            return text.ToString();
        }

        Append(text, path[..(ShownBytes / 2)]);
        text.Append('…');
        Append(text, path[^(ShownBytes / 2)..]);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            if (status == OperationStatus.Done && !Rune.IsControl(rune))
                text.Append(rune.ToString());
            else
                AppendHex(text, bytes[..consumed]);
            bytes = bytes[consumed..];
        }
    }

    private static void AppendHex(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
    }
}
