using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Contenders;

/// <summary><c>rclone copy</c> with as many transfers as Sluice has files in flight.</summary>
internal sealed class RcloneContender(string version) : Contender
{
    private static readonly string[] ForNull = ["--s3-no-head", "--ignore-checksum", "--ignore-size"];

    /// <inheritdoc/>
    public override string Name => "rclone copy --transfers 32";

    /// <inheritdoc/>
    public override string Version => version;

    /// <inheritdoc/>
    public override string? NoteFor(S3Target target) =>
        target.IsNull ? $"rclone is run with {string.Join(' ', ForNull)}: it would ask for what it has sent, and nothing is there." : null;

    /// <inheritdoc/>
    public override ProcessSpec Copy(string source, S3Target target) => new("rclone")
    {
        Arguments =
        [
            "copy", source, $":s3:{target.Bucket}/{Prefix}", "--config", "/dev/null", "--transfers", "32", "--checkers", "32", "--s3-provider", "Ceph",
            "--s3-env-auth", "--s3-endpoint", target.Endpoint, "--s3-no-check-bucket", .. target.IsNull ? ForNull : [],
        ],
        Environment = target.Environment,
    };
}
