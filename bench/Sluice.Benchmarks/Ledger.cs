using BenchmarkDotNet.Attributes;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;

namespace Sluice.Benchmarks;

/// <summary>A ledger record to and from its bytes, beside a copy of as many.</summary>
public class Ledger
{
    private static readonly LedgerRecord Record = new()
    {
        States = HsmStates.Exists | HsmStates.Archived,
        SizeBytes = 4096,
        MtimeNs = 1_700_000_000_000_000_001,
        SealNs = 1_700_000_001_000_000_001,
        Checksum = 0xAE8B14860A799888,
        MetadataHash = 0x1234_5678_9ABC,
        AddressHash = 0x0123_4567_89AB_CDEF,
        IdentityHash = 0xCBA9_8765_4321,
        TaskTag = 0xFEDC_BA98_7654_3210,
    };

    private readonly byte[] _bytes = new byte[LedgerRecord.EncodedBytes];
    private readonly byte[] _copy = new byte[LedgerRecord.EncodedBytes];

    [GlobalSetup]
    public void Setup() => Record.Encode(_bytes);

    [Benchmark(Baseline = true)]
    public void Copy() => _bytes.CopyTo(_copy, 0);

    [Benchmark]
    public void Encode() => Record.Encode(_bytes);

    [Benchmark]
    public LedgerRecord? Decode() => LedgerRecord.TryDecode(_bytes);
}
