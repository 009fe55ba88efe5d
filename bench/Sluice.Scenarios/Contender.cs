using Sluice.TestKit;

namespace Sluice.Scenarios;

/// <summary>A program that copies a directory to a bucket.</summary>
internal abstract class Contender
{
    /// <summary>Its name in the tables.</summary>
    public abstract string Name { get; }

    /// <summary>Its version, as it tells it.</summary>
    public abstract string Version { get; }

    /// <summary>Copies everything in <paramref name="source"/> to the bucket.</summary>
    public abstract ProcessSpec Copy(string source, string bucket, RgwRig rig);

    /// <summary>The contenders on this machine; only Sluice has to be there.</summary>
    public static IReadOnlyList<Contender> Here(string sluice)
    {
        List<Contender> contenders = [new SluiceContender(sluice)];
        if (FirstLine("rclone", "version") is { } rclone) contenders.Add(new RcloneContender(rclone));
        if (FirstLine("s5cmd", "version") is { } s5cmd) contenders.Add(new S5cmdContender(s5cmd));
        if (FirstLine(Require.Aws, "--version") is { } aws) contenders.Add(new AwsSyncContender(aws.Split(' ')[0]));
        return contenders;
    }

    /// <summary>First line of what a program says; null when it is not there.</summary>
    protected static string? FirstLine(string program, string argument)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true });
            return process?.StandardOutput.ReadLine();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private sealed class SluiceContender(string program) : Contender
    {
        public override string Name => "sluice export";

        public override string Version { get; } = FirstLine(program, "--version") ?? throw new FileNotFoundException("Build it first: make build", program);

        public override ProcessSpec Copy(string source, string bucket, RgwRig rig) => new(program)
        {
            Arguments = ["export", source, $"s3://{bucket}/data", "--s3-endpoint", rig.Endpoint], Environment = rig.Environment,
        };
    }

    private sealed class RcloneContender(string version) : Contender
    {
        public override string Name => "rclone copy --transfers 32";

        public override string Version => version;

        public override ProcessSpec Copy(string source, string bucket, RgwRig rig) => new("rclone")
        {
            Arguments =
            [
                "copy", source, $":s3:{bucket}/data", "--config", "/dev/null", "--transfers", "32", "--checkers", "32", "--s3-provider", "Ceph",
                "--s3-env-auth", "--s3-endpoint", rig.Endpoint, "--s3-no-check-bucket",
            ],
            Environment = rig.Environment,
        };
    }

    private sealed class S5cmdContender(string version) : Contender
    {
        public override string Name => "s5cmd cp";

        public override string Version => version;

        public override ProcessSpec Copy(string source, string bucket, RgwRig rig) => new("s5cmd")
        {
            Arguments = ["--endpoint-url", rig.Endpoint, "cp", $"{source}/", $"s3://{bucket}/data/"], Environment = rig.Environment,
        };
    }

    private sealed class AwsSyncContender(string version) : Contender
    {
        public override string Name => "aws s3 sync";

        public override string Version => version;

        public override ProcessSpec Copy(string source, string bucket, RgwRig rig) => new(Require.Aws)
        {
            Arguments = ["--endpoint-url", rig.Endpoint, "s3", "sync", source, $"s3://{bucket}/data", "--only-show-errors"], Environment = rig.Environment,
        };
    }
}
