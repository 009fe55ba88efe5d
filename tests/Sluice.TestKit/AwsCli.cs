namespace Sluice.TestKit;

/// <summary>Runs the AWS CLI.</summary>
public static class AwsCli
{
    /// <summary>
    /// Runs <c>aws fsx …</c> against the endpoint of <paramref name="environment"/> (<see cref="SluiceServer.ClientEnvironment()"/>),
    /// with JSON output. Skips the test (in CI fails it) where the CLI is missing.
    /// </summary>
    public static Task<ProcessResult> FsxAsync(
        IReadOnlyDictionary<string, string?> environment, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var endpoint = environment["AWS_ENDPOINT_URL_FSX"] ?? throw new ArgumentException("No FSx endpoint.", nameof(environment));
        return ProcessRunner.RunAsync(
            new(Require.Tool(Require.Aws))
            {
                Arguments = ["--endpoint-url", endpoint, "--output", "json", "fsx", .. arguments],
                Environment = environment,
            },
            cancellationToken);
    }
}
