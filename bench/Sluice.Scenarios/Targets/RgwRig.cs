using System.Globalization;
using Sluice.TestKit;

namespace Sluice.Scenarios.Targets;

/// <summary>An S3 server for the benchmarks alone: Ceph's gateway with its data in memory, fresh for each run, so that no run finds the
/// leftovers of another.</summary>
internal sealed class RgwRig : S3Target
{
    // Two runs at a time on one machine need a server each.
    private static readonly string Port = Variable("SLUICE_BENCH_RGW_PORT", "7490");
    private static readonly string Root = Variable("SLUICE_BENCH_RGW_ROOT", Path.Combine(Path.GetTempPath(), "sluice-bench-rgw"));

    private readonly long _bytes;

    private RgwRig(long bytes) => _bytes = bytes;

    /// <inheritdoc/>
    public override string Description => "Ceph RADOS Gateway with its data in memory, on the same machine, fresh for each run";

    /// <inheritdoc/>
    public override string Endpoint => $"http://127.0.0.1:{Port}";

    /// <summary>Starts one with room for so many bytes, and a bucket.</summary>
    public static async Task<RgwRig> StartAsync(long bytes, CancellationToken cancellationToken)
    {
        var rig = new RgwRig(bytes);
        _ = (await rig.RunAsync("rgw-up.sh", ["memstore"], cancellationToken)).EnsureSuccess();
        using var client = rig.NewClient();
        await client.PutBucketAsync(rig.Bucket, cancellationToken);
        return rig;
    }

    /// <summary>Stops it and forgets its data.</summary>
    public override async ValueTask DisposeAsync() => _ = await RunAsync("rgw-down.sh", ["memstore", "wipe"], CancellationToken.None);

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
