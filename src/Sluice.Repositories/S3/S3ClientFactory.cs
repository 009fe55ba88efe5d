using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Sluice.Repositories.Resolving;

namespace Sluice.Repositories.S3;

/// <summary>Makes the SDK's clients as this project wants them: no retries, no checksums of the SDK's own choice, our sockets.</summary>
internal static class S3ClientFactory
{
    /// <summary>A client for <paramref name="endpoint"/> with the credentials it names.</summary>
    /// <exception cref="RepositoryException">The profile, the region or the credentials can't be found.</exception>
    public static AmazonS3Client Create(S3Endpoint endpoint)
    {
        try
        {
            return endpoint.Profile is null ? new AmazonS3Client(Configuration(endpoint)) : Create(endpoint, Credentials(endpoint.Profile));
        }
        catch (AmazonClientException e)
        {
            throw new RepositoryException(
                RepositoryErrorCode.AccessDenied, $"There are no usable settings for {endpoint.Url ?? "Amazon S3"}: {e.Message}", isTransient: false, e);
        }
    }

    /// <summary>A client for <paramref name="endpoint"/> with these credentials.</summary>
    public static AmazonS3Client Create(S3Endpoint endpoint, AWSCredentials credentials) => new(credentials, Configuration(endpoint));

    private static AmazonS3Config Configuration(S3Endpoint endpoint)
    {
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = endpoint.PathStyle ?? (endpoint.Url is not null),
            HttpClientFactory = new S3HttpClientFactory(endpoint.Connections),

            // Tried again by RetryingRepository, where a cancel and a stopping host are known.
            MaxErrorRetry = 0,

            // S3Repository sends its own; what the SDK would add, some endpoints refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint.Url is not null)
        {
            configuration.ServiceURL = endpoint.Url;
            configuration.AuthenticationRegion = endpoint.Region ?? "us-east-1";
        }
        else if (endpoint.Region is not null)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(endpoint.Region);
        }

        return configuration;
    }

    private static AWSCredentials Credentials(string profile) =>
        new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? credentials
            : throw new AmazonClientException($"The profile '{profile}' is not in the shared credentials file.");
}
