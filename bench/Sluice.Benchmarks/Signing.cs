using System.Security.Cryptography;
using Amazon.Runtime;
using BenchmarkDotNet.Attributes;
using Sluice.Repositories.S3.Http;

namespace Sluice.Benchmarks;

/// <summary>The signature of a PUT with the metadata of a file, beside the two hashes it can't do without.</summary>
public class Signing
{
    private const int CanonicalBytes = 700;

    private readonly RequestSigner _signer = new(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), "us-east-1", TimeProvider.System);
    private readonly byte[] _canonical = new byte[CanonicalBytes];
    private readonly byte[] _toSign = new byte[130];
    private readonly byte[] _key = new byte[32];

    [Benchmark(Baseline = true)]
    public byte TwoHashes()
    {
        Span<byte> hash = stackalloc byte[32];
        _ = SHA256.HashData(_canonical, hash);
        HMACSHA256.HashData(_key, _toSign, hash);
        return hash[0];
    }

    [Benchmark]
    public ValueTask<DateTimeOffset> Put()
    {
        var headers = new RequestHeaders();
        headers.Add("host", "127.0.0.1:7480");
        headers.Add("content-type", "application/octet-stream");
        headers.Add("x-amz-checksum-crc64nvme", "rosUhgp5mIg=");
        headers.Add("x-amz-meta-file-atime", "1700000000000000001ns");
        headers.Add("x-amz-meta-file-group", "1000");
        headers.Add("x-amz-meta-file-mtime", "1700000000000000001ns");
        headers.Add("x-amz-meta-file-owner", "1000");
        headers.Add("x-amz-meta-file-permissions", "0100644");
        return _signer.SignAsync("PUT", "/bucket/prefix/results/run-0007/part-000042.parquet", "", headers, RequestSigner.UnsignedPayload);
    }
}
