using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Contenders;

/// <summary><c>s5cmd cp</c>, and <c>s5cmd sync</c> the second time.</summary>
internal sealed class S5cmdContender(string version) : Contender
{
    /// <inheritdoc/>
    public override string Name => "s5cmd";

    /// <inheritdoc/>
    public override string Version => version;

    /// <inheritdoc/>
    public override ProcessSpec Copy(string source, S3Target target) => Run("cp", source, target);

    /// <inheritdoc/>
    public override ProcessSpec Update(string source, S3Target target) => Run("sync", source, target);

    private ProcessSpec Run(string verb, string source, S3Target target) => new("s5cmd")
    {
        Arguments = ["--endpoint-url", target.Endpoint, verb, $"{source}/", $"s3://{target.Bucket}/{Prefix}/"], Environment = target.Environment,
    };
}
