using Sluice.Core.Crashing;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>Writes content into a hole, leaving out what is all zeros: a sparse file stays sparse.</summary>
internal static class SparseWriter
{
    private const int BlockBytes = 1 << 16;

    /// <summary>Writes <paramref name="content"/> at <paramref name="offset"/>, neighbouring blocks in one call.</summary>
    public static void Write(Fd file, ReadOnlySpan<byte> content, long offset)
    {
        var position = 0;
        while (position < content.Length)
        {
            var end = position;
            while (end < content.Length && Block(content, end).ContainsAnyExcept((byte)0)) end += Block(content, end).Length;
            WriteAll(file, content[position..end], offset + position);
            position = end < content.Length ? end + Block(content, end).Length : end;
        }
    }

    private static ReadOnlySpan<byte> Block(ReadOnlySpan<byte> content, int offset) => content.Slice(offset, Math.Min(BlockBytes, content.Length - offset));

    private static void WriteAll(Fd file, ReadOnlySpan<byte> data, long offset)
    {
        while (!data.IsEmpty)
        {
            CrashPoint.Before(SideEffect.RestoreWrite);
            var written = FileSystemCalls.Write(file, data, offset);
            data = data[written..];
            offset += written;
            CrashPoint.After(SideEffect.RestoreWrite);
        }
    }
}
