using Sluice.TestKit;
using Xunit;

namespace Sluice.WireTests.Clients;

/// <summary>
/// Create, link, export, describe, cancel, describe, export again, tag, unlink, delete, and every refusal of a cancel, from unmodified AWS
/// clients against the real program, on both kinds of repository.
/// </summary>
public sealed class WalkthroughTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Boto3_goes_the_whole_way(bool onS3)
    {
        await using var rig = await WalkthroughRig.StartAsync(onS3, Cancellation);
        var script = await File.ReadAllTextAsync(SourceTree.Path("tests/clients/python/walkthrough.py"), Cancellation);

        using var seen = Walkthrough.Of(await PythonScript.RunAsync(script, rig.Server.ClientEnvironment(), Cancellation, rig.Arguments));

        Check(seen, refusalStatus: "400");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_SDK_for_JavaScript_goes_the_whole_way(bool onS3)
    {
        await using var rig = await WalkthroughRig.StartAsync(onS3, Cancellation);
        var script = await File.ReadAllTextAsync(SourceTree.Path("tests/clients/js/walkthrough.mjs"), Cancellation);

        using var seen = Walkthrough.Of(await NodeScript.RunAsync(script, rig.Server.ClientEnvironment(), Cancellation, rig.Arguments));

        Check(seen, refusalStatus: "400");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_AWS_CLI_goes_the_whole_way(bool onS3)
    {
        await using var rig = await WalkthroughRig.StartAsync(onS3, Cancellation);
        _ = Require.Tool(Require.Aws);
        var run = new ProcessSpec(SourceTree.Path("tests/clients/cli/walkthrough.sh"))
        {
            Arguments = rig.Arguments, Environment = rig.Server.ClientEnvironment(),
        };

        using var seen = Walkthrough.Of(await ProcessRunner.RunAsync(run, Cancellation));

        // What the CLI exits with when the service refuses.
        Check(seen, refusalStatus: "254");
    }

    private static void Check(Walkthrough seen, string refusalStatus)
    {
        Assert.Equal("CREATING", seen.Text("created"));
        Assert.Equal("2:03:00", seen.Text("updated"));
        Assert.Equal("2048", seen.Text("chunk"));
        Assert.Equal("CANCELING", seen["cancel", 0].GetString());
        Assert.True(seen["cancel", 1].GetBoolean());
        Assert.Equal("CANCELED", seen["canceled", 0].GetString());
        Assert.True(seen["canceled", 2].GetBoolean());
        Assert.Equal("SUCCEEDED", seen["exported", 0].GetString());

        // What the canceled export sent and what the next one sent is everything, once.
        Assert.InRange(seen["canceled", 1].GetInt64(), 0, Walkthrough.Entries - 1);
        Assert.Equal(Walkthrough.Entries, seen["canceled", 1].GetInt64() + seen["exported", 1].GetInt64());
        Assert.Equal(0, seen["exported", 2].GetInt64());

        Assert.Equal("True", seen.Text("listed"));
        foreach (var refusal in new[] { "ended", "unsupported", "notFound", "badRequest" }) Assert.Equal(refusalStatus, seen.Text(refusal));
        Assert.Equal("2", seen.Text("tags"));
        Assert.Equal("True", seen.Text("unlinked"));
        Assert.Equal("True", seen.Text("deleted"));
    }
}
