using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Sluice.Repositories.Resolving;

namespace Sluice.Repositories.S3;

/// <summary>Makes the ways to endpoints, and the SDK's clients as this project wants them: no retries, no checksums of the SDK's own choice, our sockets.</summary>
internal static class S3ClientFactory
{
    /// <summary>The ways to <paramref name="endpoint"/> with the credentials it names.</summary>
    /// <exception cref="RepositoryException">The profile, the region or the credentials can't be found.</exception>
    public static S3Access Create(S3Endpoint endpoint, TimeProvider time)
    {
        try
        {
            var configuration = Configuration(endpoint);
            var credentials = endpoint.Profile is null ? DefaultAWSCredentialsIdentityResolver.GetCredentials(configuration) : Credentials(endpoint.Profile);
            return Create(endpoint, credentials, time);
        }
        catch (AmazonClientException e)
        {
            throw new RepositoryException(
                RepositoryErrorCode.AccessDenied, $"There are no usable settings for {endpoint.Url ?? "Amazon S3"}: {e.Message}", isTransient: false, e);
        }
    }

    /// <summary>The ways to <paramref name="endpoint"/> with these credentials.</summary>
    public static S3Access Create(S3Endpoint endpoint, AWSCredentials credentials, TimeProvider time) =>
        new(new AmazonS3Client(credentials, Configuration(endpoint)), credentials, endpoint, time);

    private static AmazonS3Config Configuration(S3Endpoint endpoint)
    {
        var configuration = new AmazonS3Config
        {
            ForcePathStyle = endpoint.PathStyle ?? (endpoint.Url is not null),
            HttpClientFactory = new S3HttpClientFactory(endpoint.Connections, endpoint.StallLimit),

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
