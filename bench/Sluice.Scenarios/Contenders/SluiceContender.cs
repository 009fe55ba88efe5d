using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Contenders;

/// <summary><c>sluice export</c>.</summary>
/// <param name="program">The program.</param>
/// <param name="state">Where its journals are kept.</param>
/// <param name="version">Its version.</param>
internal sealed class SluiceContender(string program, string state, string version) : Contender
{
    /// <inheritdoc/>
    public override string Name => "sluice export";

    /// <inheritdoc/>
    public override string Version => version;

    /// <inheritdoc/>
    public override ProcessSpec Copy(string source, S3Target target) => new(program)
    {
        Arguments = ["export", source, $"s3://{target.Bucket}/{Prefix}", "--s3-endpoint", target.Endpoint, "--state", state], Environment = target.Environment,
    };
}
