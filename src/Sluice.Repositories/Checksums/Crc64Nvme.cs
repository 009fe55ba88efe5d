using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sluice.Repositories.Checksums;

/// <summary>
/// CRC-64/NVME, S3's full-object checksum (NVM Express specification; reflected, polynomial 0xAD93D23594C93659, all ones in and out; check value
/// of "123456789": 0xAE8B14860A799888). Uses carry-less multiplication where the processor has it, else a table of 16 x 256 entries.
/// </summary>
public sealed class Crc64Nvme
{
    private const ulong Reflected = 0x9A6C9329AC4BC9B5;
    private const int Slices = 16;

    private static readonly ulong[] Table = MakeTable();

    // Folding constants: x^(8·n) mod P, bit-reflected, for the distances the folds bridge. Made from the polynomial, not copied.
    private static readonly ulong Fold128Low = PowerForFold(128 + 64);
    private static readonly ulong Fold128High = PowerForFold(128);
    private static readonly ulong Fold512Low = PowerForFold(512 + 64);
    private static readonly ulong Fold512High = PowerForFold(512);

    private ulong _state = ulong.MaxValue;

    /// <summary>The checksum of all bytes appended so far.</summary>
    public ulong Value => ~_state;

    /// <summary>The checksum of <paramref name="content"/>.</summary>
    public static ulong Hash(ReadOnlySpan<byte> content) => ~Update(ulong.MaxValue, content);

    /// <summary>The checksum of A followed by B, from both checksums and the length of B in bytes.</summary>
    public static ulong Combine(ulong checksumA, ulong checksumB, long lengthB)
    {
        if (lengthB == 0) return checksumA;
        return Multiply(PowerOfX(lengthB * 8), checksumA) ^ checksumB;
    }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> content) => _state = Update(_state, content);

    private static ulong Update(ulong state, ReadOnlySpan<byte> content) =>
        Pclmulqdq.IsSupported && content.Length >= 128 ? UpdateFolded(state, content) : UpdateByTable(state, content);

    private static ulong UpdateByTable(ulong state, ReadOnlySpan<byte> content)
    {
        var table = Table;
        while (content.Length >= Slices)
        {
            var first = state ^ BinaryPrimitives.ReadUInt64LittleEndian(content);
            var second = BinaryPrimitives.ReadUInt64LittleEndian(content[8..]);
            state = 0;
            for (var i = 0; i < 8; i++)
            {
                state ^= table[((15 - i) << 8) + (int)((first >> (8 * i)) & 0xFF)];
                state ^= table[((7 - i) << 8) + (int)((second >> (8 * i)) & 0xFF)];
            }

            content = content[Slices..];
        }

        foreach (var value in content) state = table[(byte)(state ^ value)] ^ (state >> 8);
        return state;
    }

    /// <summary>Four lanes of 16 bytes are folded over the content, then into one, whose 16 bytes the table finishes: folding keeps
    /// congruence modulo P, so the 16 bytes left have the same remainder as all that went into them.</summary>
    private static ulong UpdateFolded(ulong state, ReadOnlySpan<byte> content)
    {
        var by512 = Vector128.Create(Fold512Low, Fold512High);
        var by128 = Vector128.Create(Fold128Low, Fold128High);
        var lane0 = Read(content) ^ Vector128.CreateScalar(state);
        var lane1 = Read(content[16..]);
        var lane2 = Read(content[32..]);
        var lane3 = Read(content[48..]);
        content = content[64..];
        while (content.Length >= 64)
        {
            lane0 = Fold(lane0, by512) ^ Read(content);
            lane1 = Fold(lane1, by512) ^ Read(content[16..]);
            lane2 = Fold(lane2, by512) ^ Read(content[32..]);
            lane3 = Fold(lane3, by512) ^ Read(content[48..]);
            content = content[64..];
        }

        lane1 ^= Fold(lane0, by128);
        lane2 ^= Fold(lane1, by128);
        lane3 ^= Fold(lane2, by128);
        while (content.Length >= 16)
        {
            lane3 = Fold(lane3, by128) ^ Read(content);
            content = content[16..];
        }

        Span<byte> rest = stackalloc byte[16];
        lane3.AsByte().CopyTo(rest);
        return UpdateByTable(UpdateByTable(0, rest), content);
    }

    private static Vector128<ulong> Read(ReadOnlySpan<byte> content) => Vector128.Create(content[..16]).AsUInt64();

    private static Vector128<ulong> Fold(Vector128<ulong> lane, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(lane, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, by, 0x11);

    /// <summary>Constant that moves a reflected half over <paramref name="bits"/> bits. A carry-less product of two reflected 64-bit
    /// values is one place short of 128 bits, hence the power less one.</summary>
    private static ulong PowerForFold(int bits) => PowerOfX(bits - 1);

    /// <summary>x^exponent mod P, reflected.</summary>
    private static ulong PowerOfX(long exponent)
    {
        // The reflected 1 has the top bit set; multiplying by x shifts right.
        var result = 1UL << 63;
        var square = 1UL << 62;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0) result = Multiply(result, square);
            square = Multiply(square, square);
        }

        return result;
    }

    /// <summary>Product of two reflected polynomials mod P.</summary>
    private static ulong Multiply(ulong a, ulong b)
    {
        var product = 0UL;
        for (var bit = 1UL << 63; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0) product ^= b;
            b = (b & 1) != 0 ? (b >> 1) ^ Reflected : b >> 1;
        }

        return product;
    }

    private static ulong[] MakeTable()
    {
        var table = new ulong[Slices * 256];
        for (var value = 0; value < 256; value++)
        {
            var entry = (ulong)value;
            for (var bit = 0; bit < 8; bit++) entry = (entry & 1) != 0 ? (entry >> 1) ^ Reflected : entry >> 1;
            table[value] = entry;
        }

        for (var i = 256; i < table.Length; i++) table[i] = table[table[i - 256] & 0xFF] ^ (table[i - 256] >> 8);
        return table;
    }
}
