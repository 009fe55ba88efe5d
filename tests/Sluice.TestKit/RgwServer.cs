using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;

namespace Sluice.TestKit;

/// <summary>
/// A real S3 server for tests: Ceph's RADOS Gateway with its data in memory, one for the machine. The first test that asks starts it
/// (tests/rigs/rgw-up.sh); a lock file makes test processes share it. The last one to end stops it, unless <c>SLUICE_TEST_RGW_KEEP</c> is
/// set, as eng/test.sh does, which stops it itself. <c>SLUICE_TEST_RGW_ROOT</c> and <c>SLUICE_TEST_RGW_PORT</c> move it.
/// </summary>
public sealed class RgwServer
{
    private const string DefaultPort = "7480";

    private static readonly Lock SharedLock = new();
    private static Task<RgwServer>? _shared;

    private RgwServer(string port)
    {
        Endpoint = $"http://127.0.0.1:{port}";
        Client = new AmazonS3Client(
            new BasicAWSCredentials(AccessKey, SecretKey),
            ClientConfiguration(Endpoint));
        Environment = EnvironmentFor(Endpoint);
    }

    /// <summary>Base address.</summary>
    public string Endpoint { get; }

    /// <summary>Access key id of its one user, who may do all.</summary>
    public string AccessKey => "testaccess";

    /// <summary>Secret key of that user.</summary>
    public string SecretKey => "testsecret";

    /// <summary>An S3 client for it.</summary>
    public IAmazonS3 Client { get; }

    /// <summary>Variables by which AWS clients and Sluice reach it.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; }

    /// <summary>The server, started if need be. Skips the test (in CI fails it) where Ceph's packages or root are missing.</summary>
    public static Task<RgwServer> GetAsync()
    {
        // In the caller, so that each test that needs it is skipped, not only the first.
        Require.Root();
        foreach (var tool in new[] { "ceph-mon", "ceph-osd", "radosgw", "curl" })
            _ = Require.Tool(tool);
        lock (SharedLock)
            return _shared ??= StartAsync();
    }

    /// <summary>The variables that lead to it by way of a proxy.</summary>
    public IReadOnlyDictionary<string, string?> EnvironmentFor(S3Proxy proxy) => EnvironmentFor(proxy.Endpoint);

    /// <summary>
    /// How the AWS SDK must be set to talk to it: path style, and no checksum trailers, which this version of the gateway refuses.
    /// </summary>
    public static AmazonS3Config ClientConfiguration(string endpoint) => new()
    {
        ServiceURL = endpoint,
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    };

    /// <summary>A proxy in front of it.</summary>
    public S3Proxy StartProxy(Func<ProxyRequest, ProxyAction>? rule = null) => S3Proxy.Start(Endpoint, rule);

    /// <summary>A new bucket with a name of its own.</summary>
    public async Task<RgwBucket> CreateBucketAsync(CancellationToken cancellationToken)
    {
        var name = $"test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        await Client.PutBucketAsync(name, cancellationToken);
        return new(this, name);
    }

    private static async Task<RgwServer> StartAsync()
    {
        var root = Variable("SLUICE_TEST_RGW_ROOT", Path.Combine(Path.GetTempPath(), "sluice-test-rgw"));
        var port = Variable("SLUICE_TEST_RGW_PORT", DefaultPort);
        var rig = new Dictionary<string, string?>
        {
            ["RGW_ROOT"] = root,
            ["RGW_PORT"] = port,
            ["AK"] = "testaccess",
            ["SK"] = "testsecret",
        };
        await RgwLease.TakeAsync(root, rig);
        return new(port);
    }

    private static string Variable(string name, string otherwise) =>
        System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    private Dictionary<string, string?> EnvironmentFor(string endpoint) => new()
    {
        ["AWS_ENDPOINT_URL_S3"] = endpoint,
        ["AWS_ACCESS_KEY_ID"] = AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_PROFILE"] = null,
        ["AWS_SESSION_TOKEN"] = null,
    };
}
