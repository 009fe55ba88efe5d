using Amazon.Runtime;
using Amazon.S3;
using Sluice.TestKit;

namespace Sluice.Scenarios.Targets;

/// <summary>An S3 endpoint with a bucket for one measurement. Disposal takes away both, or at least the bucket.</summary>
internal abstract class S3Target : IAsyncDisposable
{
    /// <summary>Access key id of its one user.</summary>
    protected const string Key = "testaccess";

    /// <summary>That user's secret.</summary>
    protected const string Secret = "testsecret";

    /// <summary>What it is, in words.</summary>
    public abstract string Description { get; }

    /// <summary>Base address.</summary>
    public abstract string Endpoint { get; }

    /// <summary>The bucket.</summary>
    public virtual string Bucket => "bench";

    /// <summary>Whether it keeps nothing: whoever asks for what was stored is told that it is not there.</summary>
    public virtual bool IsNull => false;

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
        ["AWS_ENDPOINT_URL_S3"] = null,
    };

    /// <summary>A client for it, for what has to be there before and after a measurement.</summary>
    public AmazonS3Client NewClient() => new(new BasicAWSCredentials(Key, Secret), RgwServer.ClientConfiguration(Endpoint));

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
