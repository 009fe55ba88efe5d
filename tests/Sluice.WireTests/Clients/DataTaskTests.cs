using Sluice.TestKit;
using Xunit;

namespace Sluice.WireTests.Clients;

/// <summary>Imports and releases, their cancels and their refusals, from unmodified AWS clients against the real program on a file system that is guarded
/// and one that can't be.</summary>
public sealed class DataTaskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Boto3_imports_releases_and_cancels()
    {
        await using var rig = await DataTaskRig.StartAsync(Cancellation);
        var script = await File.ReadAllTextAsync(SourceTree.Path("tests/clients/python/datatasks.py"), Cancellation);

        using var seen = Walkthrough.Of(await PythonScript.RunAsync(script, rig.Server.ClientEnvironment(), Cancellation, rig.Arguments));

        Check(seen, refusalStatus: "400");
    }

    [Fact]
    public async Task The_SDK_for_JavaScript_imports_releases_and_cancels()
    {
        await using var rig = await DataTaskRig.StartAsync(Cancellation);
        var script = await File.ReadAllTextAsync(SourceTree.Path("tests/clients/js/datatasks.mjs"), Cancellation);

        using var seen = Walkthrough.Of(await NodeScript.RunAsync(script, rig.Server.ClientEnvironment(), Cancellation, rig.Arguments));

        Check(seen, refusalStatus: "400");
    }

    [Fact]
    public async Task The_AWS_CLI_imports_releases_and_cancels()
    {
        await using var rig = await DataTaskRig.StartAsync(Cancellation);
        _ = Require.Tool(Require.Aws);
        var run = new ProcessSpec(SourceTree.Path("tests/clients/cli/datatasks.sh"))
        {
            Arguments = rig.Arguments, Environment = rig.Server.ClientEnvironment(),
        };

        using var seen = Walkthrough.Of(await ProcessRunner.RunAsync(run, Cancellation));

        // What the CLI exits with when the service refuses.
        Check(seen, refusalStatus: "254");
    }

    private static void Check(Walkthrough seen, string refusalStatus)
    {
        Assert.Equal(DataTaskRig.Files + 1, Ended(seen, "exported", "SUCCEEDED"));
        Assert.Equal("True", seen.Text("echo"));

        // What the canceled release released and what the next one did is everything, once.
        var canceled = Canceled(seen, "releaseCanceled");
        Assert.Equal(DataTaskRig.Files, canceled + Ended(seen, "released", "SUCCEEDED"));
        Assert.Equal(0, Ended(seen, "young", "SUCCEEDED"));
        Assert.Equal("True", seen.Text("emptied"));

        // The same for the import; the linked directory itself was never away.
        canceled = Canceled(seen, "importCanceled");
        Assert.Equal(DataTaskRig.Files, canceled + Ended(seen, "imported", "SUCCEEDED"));
        Assert.Equal(0, Ended(seen, "nothing", "SUCCEEDED"));
        Assert.Equal(0, Ended(seen, "outside", "FAILED"));
        foreach (var refusal in new[] { "unsupportedRelease", "unsupportedImport", "badPath", "badConfiguration", "badAge" })
            Assert.Equal(refusalStatus, seen.Text(refusal));
    }

    private static long Ended(Walkthrough seen, string name, string lifecycle)
    {
        Assert.Equal(lifecycle, seen[name, 0].GetString());
        Assert.Equal(0, seen[name, 2].GetInt64());
        return seen[name, 1].GetInt64();
    }

    private static long Canceled(Walkthrough seen, string name)
    {
        Assert.Equal("CANCELING", seen[name, 0].GetString());
        Assert.Equal("CANCELED", seen[name, 1].GetString());
        Assert.InRange(seen[name, 2].GetInt64(), 0, DataTaskRig.Movers);
        Assert.Equal(0, seen[name, 3].GetInt64());
        return seen[name, 2].GetInt64();
    }
}
