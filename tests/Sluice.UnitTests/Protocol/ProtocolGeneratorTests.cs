using System.Diagnostics;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class ProtocolGeneratorTests
{
    [Fact]
    public async Task The_generated_files_are_what_the_model_gives()
    {
        var script = Path.Combine(ServiceModel.RepositoryRoot(), "eng", "generate-protocol.py");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, "--check"]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", error);
        Assert.Equal(0, process.ExitCode);
    }
}
