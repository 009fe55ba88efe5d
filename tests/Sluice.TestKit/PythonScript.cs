namespace Sluice.TestKit;

/// <summary>Runs Python with the distribution's boto3.</summary>
public static class PythonScript
{
    /// <summary>
    /// Runs a script. It reaches the server as <c>boto3.client("fsx", endpoint_url=os.environ["AWS_ENDPOINT_URL_FSX"])</c>. Skips the test
    /// (in CI fails it) where boto3 is missing.
    /// </summary>
    public static Task<ProcessResult> RunAsync(
        string script,
        IReadOnlyDictionary<string, string?> environment,
        CancellationToken cancellationToken,
        params IReadOnlyList<string> arguments)
    {
        Require.PythonModule("boto3");
        return ProcessRunner.RunAsync(
            new(Require.Python) { Arguments = ["-s", "-", .. arguments], Input = script, Environment = environment }, cancellationToken);
    }
}
