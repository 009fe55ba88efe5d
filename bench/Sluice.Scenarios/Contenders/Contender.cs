using Sluice.Scenarios.Targets;
using Sluice.TestKit;

namespace Sluice.Scenarios.Contenders;

/// <summary>A program that copies a directory to a bucket.</summary>
internal abstract class Contender
{
    /// <summary>Its name in the tables; the first word is its program.</summary>
    public abstract string Name { get; }

    /// <summary>Its version, as it tells it.</summary>
    public abstract string Version { get; }

    /// <summary>What it is told for this target and why, where that is not what it would do by itself; null where there is nothing to say.</summary>
    public virtual string? NoteFor(S3Target target) => null;

    /// <summary>Where in a bucket its objects are, so that several can share one.</summary>
    protected string Prefix => Name.Split(' ')[0];

    /// <summary>Copies everything in <paramref name="source"/> to the bucket, where it has nothing.</summary>
    public abstract ProcessSpec Copy(string source, S3Target target);

    /// <summary>Copies what is new and changed since it was last copied there.</summary>
    public virtual ProcessSpec Update(string source, S3Target target) => Copy(source, target);

    /// <summary>The contenders on this machine; only Sluice has to be there.</summary>
    /// <param name="sluice">The sluice to measure.</param>
    /// <param name="state">Where its exports keep their journals.</param>
    public static IReadOnlyList<Contender> Here(string sluice, string state)
    {
        List<Contender> contenders =
            [new SluiceContender(sluice, state, FirstLine(sluice, "--version") ?? throw new FileNotFoundException("Build it first: make build", sluice))];
        if (FirstLine("rclone", "version") is { } rclone) contenders.Add(new RcloneContender(rclone));
        if (FirstLine("s5cmd", "version") is { } s5cmd) contenders.Add(new S5cmdContender(s5cmd));
        if (FirstLine(Require.Aws, "--version") is { } aws) contenders.Add(new AwsSyncContender(aws.Split(' ')[0]));
        return contenders;
    }

    /// <summary>First line of what a program says; null when it is not there.</summary>
    private static string? FirstLine(string program, string argument)
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
}
