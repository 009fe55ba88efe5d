namespace Sluice.TestKit;

/// <summary>Runs Node with the AWS SDK for JavaScript.</summary>
public static class NodeScript
{
    /// <summary>
    /// Runs an ECMAScript module, which finds <c>@aws-sdk/client-fsx</c> by its name and the endpoint in the environment. Skips the test
    /// (in CI fails it) where Node or the installed packages are missing.
    /// </summary>
    public static Task<ProcessResult> RunAsync(
        string script,
        IReadOnlyDictionary<string, string?> environment,
        CancellationToken cancellationToken,
        params IReadOnlyList<string> arguments)
    {
        var node = Require.Tool("node");
        _ = Require.File(Path.Combine(SourceTree.NodeClients, "node_modules", "@aws-sdk", "client-fsx"));
        // A module read from standard input finds packages from the working directory.
        return ProcessRunner.RunAsync(
            new(node)
            {
                Arguments = ["--input-type=module", "-", .. arguments],
                Input = script,
                Environment = environment,
                WorkingDirectory = SourceTree.NodeClients,
            },
            cancellationToken);
    }
}
