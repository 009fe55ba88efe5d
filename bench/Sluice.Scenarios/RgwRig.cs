using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Sluice.TestKit;

namespace Sluice.Scenarios;

/// <summary>An S3 server for the benchmarks alone: Ceph's gateway with its data in memory, fresh for each run, so that no run finds the
/// leftovers of another.</summary>
internal sealed class RgwRig : IAsyncDisposable
{
    private const string Key = "testaccess";
    private const string Secret = "testsecret";

    // Two runs on one machine need a server each.
    private static readonly string Port = Variable("SLUICE_BENCH_RGW_PORT", "7490");
    private static readonly string Root = Variable("SLUICE_BENCH_RGW_ROOT", Path.Combine(Path.GetTempPath(), "sluice-bench-rgw"));

    private readonly long _bytes;

    private RgwRig(long bytes) => _bytes = bytes;

    /// <summary>Base address.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>Variables by which clients find their keys. A proxy or a bundle of certificates has no business here.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>
    {
        ["AWS_ACCESS_KEY_ID"] = Key,
        ["AWS_SECRET_ACCESS_KEY"] = Secret,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CA_BUNDLE"] = null,
        ["AWS_PROFILE"] = null,
    };

    /// <summary>Starts one with room for so many bytes, and a bucket.</summary>
    public static async Task<RgwRig> StartAsync(long bytes, string bucket, CancellationToken cancellationToken)
    {
        var rig = new RgwRig(bytes);
        _ = (await rig.RunAsync("rgw-up.sh", ["memstore"], cancellationToken)).EnsureSuccess();
        var config = new AmazonS3Config { ServiceURL = rig.Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1" };
        using var client = new AmazonS3Client(new BasicAWSCredentials(Key, Secret), config);
        await client.PutBucketAsync(bucket, cancellationToken);
        return rig;
    }

    /// <summary>Stops it and forgets its data.</summary>
    public async ValueTask DisposeAsync() => _ = await RunAsync("rgw-down.sh", ["memstore", "wipe"], CancellationToken.None);

    private static string Variable(string name, string otherwise) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    private Task<ProcessResult> RunAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => ProcessRunner.RunAsync(
        new(SourceTree.Path($"tests/rigs/{script}"))
        {
            Arguments = arguments,
            Environment = new Dictionary<string, string?>
            {
                ["RGW_ROOT"] = Root,
                ["RGW_PORT"] = Port,
                ["AK"] = Key,
                ["SK"] = Secret,
                ["MEMSTORE_BYTES"] = _bytes.ToString(CultureInfo.InvariantCulture),
            },
        },
        cancellationToken);
}
