namespace Sluice.TestKit;

/// <summary>What the AWS clients have in common.</summary>
public static class AwsClients
{
    /// <summary>
    /// Variables that lead an AWS client to an FSx endpoint with these keys, and away from everything the machine's user has configured.
    /// boto3 and the CLI of Debian 12 do not know <c>AWS_ENDPOINT_URL_FSX</c> yet: scripts hand it over as <c>endpoint_url</c>,
    /// <see cref="AwsCli"/> as an option. <c>AWS_DATA_PATH</c> gives them the newer service model.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Environment(string fsxEndpoint, SluiceCredentials credentials) =>
        new Dictionary<string, string?>
        {
            ["AWS_ENDPOINT_URL_FSX"] = fsxEndpoint,
            ["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = null,
            ["AWS_PROFILE"] = null,
            ["AWS_ENDPOINT_URL"] = null,
            ["AWS_REGION"] = "us-east-1",
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["AWS_DATA_PATH"] = SourceTree.Models,
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_PAGER"] = "",
            ["PYTHONPATH"] = null,
            ["PYTHONHOME"] = null,
        };
}
