using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Contenders;

/// <summary><c>aws s3 sync</c>.</summary>
internal sealed class AwsSyncContender(string version) : Contender
{
    /// <inheritdoc/>
    public override string Name => "aws s3 sync";

    /// <inheritdoc/>
    public override string Version => version;

    /// <inheritdoc/>
    public override ProcessSpec Copy(string source, S3Target target) => new(Require.Aws)
    {
        Arguments = ["--endpoint-url", target.Endpoint, "s3", "sync", source, $"s3://{target.Bucket}/{Prefix}", "--only-show-errors"],
        Environment = target.Environment,
    };
}
