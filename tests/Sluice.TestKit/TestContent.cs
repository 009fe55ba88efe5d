using System.Buffers.Binary;

namespace Sluice.TestKit;

/// <summary>Content made from a seed: incompressible, and every stretch of it can be made alone.</summary>
public static class TestContent
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>Fills <paramref name="target"/> with what the content of <paramref name="seed"/> holds from an offset on.</summary>
    public static void Fill(ulong seed, long offset, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Span<byte> word = stackalloc byte[WordBytes];
        while (!target.IsEmpty)
        {
            var within = (int)(offset % WordBytes);
            var value = Mix(seed, (ulong)(offset / WordBytes));
            var count = Math.Min(target.Length, WordBytes - within);
            if (count == WordBytes)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt64LittleEndian(word, value);
                word.Slice(within, count).CopyTo(target);
            }

            target = target[count..];
            offset += count;
        }
    }

    /// <summary>The first <paramref name="size"/> bytes of the content.</summary>
    public static byte[] Bytes(ulong seed, int size)
    {
        var content = new byte[size];
        Fill(seed, 0, content);
        return content;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014), addressed by counter.</summary>
    private static ulong Mix(ulong seed, ulong index)
    {
        var value = seed + ((index + 1) * 0x9E3779B97F4A7C15);
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
