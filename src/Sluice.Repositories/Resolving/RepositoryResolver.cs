using System.Collections.Concurrent;
using System.IO.Enumeration;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Sluice.Repositories.Directory;
using Sluice.Repositories.S3;

namespace Sluice.Repositories.Resolving;

/// <summary>Resolves buckets by <see cref="RepositoryOptions"/>; one client per endpoint, one repository per bucket.</summary>
public sealed class RepositoryResolver(RepositoryOptions options, TimeProvider time) : IRepositoryResolver, IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, IObjectRepository> _repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<S3Endpoint, Lazy<IAmazonS3>> _clients = [];
    private readonly Random _random = new();

    /// <inheritdoc/>
    public IObjectRepository Resolve(string bucket) => _repositories.GetOrAdd(bucket, Make);

    /// <summary>Where a bucket leads, for people: a URL or a directory.</summary>
    public string Describe(string bucket) => Find(bucket) switch
    {
        { S3: { } endpoint } => endpoint.Url ?? "Amazon S3",
        { Directory: { } directory } => Path.Combine(directory, bucket),
        _ => "nowhere",
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(client => client.IsValueCreated)) client.Value.Dispose();
    }

    private IObjectRepository Make(string bucket)
    {
        var rule = Find(bucket);
        IObjectRepository repository = rule.S3 is { } endpoint
            ? new S3Repository(bucket, _clients.GetOrAdd(endpoint, key => new Lazy<IAmazonS3>(() => MakeClient(key))).Value)
            : new DirectoryRepository(Path.Combine(rule.Directory!, bucket), time);
        return new RetryingRepository(repository, options.Retry, time, _random);
    }

    private RepositoryRule Find(string bucket) =>
        options.Rules.FirstOrDefault(rule => FileSystemName.MatchesSimpleExpression(rule.Bucket, bucket, ignoreCase: false))
        ?? new RepositoryRule { Bucket = "*", S3 = options.S3, Directory = (options.S3 is null) ? options.DefaultDirectory : null };

    private static AmazonS3Client MakeClient(S3Endpoint endpoint)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = endpoint.PathStyle ?? (endpoint.Url is not null),
            HttpClientFactory = new S3HttpClientFactory(endpoint.Connections),

            // Tried again by RetryingRepository, where a cancel and a stopping host are known.
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = RequestLimit,
        };
        if (endpoint.Url is not null)
        {
            config.ServiceURL = endpoint.Url;
            config.AuthenticationRegion = endpoint.Region ?? "us-east-1";
        }
        else if (endpoint.Region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(endpoint.Region);
        }

        try
        {
            return endpoint.Profile is null ? new AmazonS3Client(config) : new AmazonS3Client(Credentials(endpoint.Profile), config);
        }
        catch (AmazonClientException e)
        {
            throw new RepositoryException(
                RepositoryErrorCode.AccessDenied, $"There are no usable settings for {endpoint.Url ?? "Amazon S3"}: {e.Message}", isTransient: false, e);
        }
    }

    private static AWSCredentials Credentials(string profile) =>
        new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? credentials
            : throw new AmazonClientException($"The profile '{profile}' is not in the shared credentials file.");
}
