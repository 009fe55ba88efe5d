using BenchmarkDotNet.Attributes;
using Sluice.Repositories.Checksums;

namespace Sluice.Benchmarks;

/// <summary>The checksum of a content, beside a copy of it and the library's CRC-64 of another polynomial.</summary>
public class Crc64
{
    private byte[] _content = [];
    private byte[] _copy = [];

    [Params(4096, 1 << 20)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _content = new byte[Bytes];
        _copy = new byte[Bytes];
        new Random(1).NextBytes(_content);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _content.CopyTo(_copy, 0);

    [Benchmark]
    public ulong LibraryCrc64() => System.IO.Hashing.Crc64.HashToUInt64(_content);

    [Benchmark]
    public ulong Crc64OfNvme() => Crc64Nvme.Hash(_content);
}
