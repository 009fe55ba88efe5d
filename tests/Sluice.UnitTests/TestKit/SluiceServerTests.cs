using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

/// <summary>The fixture, tried on a script that behaves as the program does.</summary>
public sealed class SluiceServerTests
{
    private const string Imitation = """
        import os, signal, sys
        data = sys.argv[sys.argv.index('--data') + 1]
        if '--fail' in sys.argv:
            sys.exit('data directory is in use')
        if not os.path.exists(data + '/credentials'):
            lines = ['[other]', 'aws_access_key_id = no', '', '[sluice]', 'aws_access_key_id = AK', 'aws_secret_access_key = s=K', '']
            open(data + '/credentials', 'w').write('\n'.join(lines))
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
        print('starting', flush=True)
        print(f'Sluice is ready on http://127.0.0.1:{os.getpid()}', flush=True)
        while True:
            signal.pause()
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_stops_dies_and_starts_again()
    {
        await using var server = await SluiceServer.StartAsync(Options(), Cancel);

        Assert.Equal($"http://127.0.0.1:{server.Process.Id}", server.Url);
        Assert.Equal(new SluiceCredentials("AK", "s=K"), server.Credentials);
        Assert.Equal(server.Url, server.ClientEnvironment()["AWS_ENDPOINT_URL_FSX"]);
        var first = server.Url;
        Assert.Equal(7, await server.StopAsync(Cancel));
        await server.StartAsync(Cancel);
        Assert.NotEqual(first, server.Url);
        await server.KillAsync();
        Assert.True(server.Process.HasExited);
        await server.StartAsync(Cancel);
        await server.RestartAsync(Cancel);
    }

    [Fact]
    public async Task A_start_that_fails_tells_why()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => SluiceServer.StartAsync(Options() with { Arguments = ["--fail"] }, Cancel));

        Assert.Contains("data directory is in use", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_that_is_missing_is_named()
    {
        var error = Assert.Throws<FormatException>(() => SluiceCredentials.Parse("[x]\n", "sluice"));

        Assert.Contains("sluice", error.Message, StringComparison.Ordinal);
    }

    private static SluiceServerOptions Options() => new() { Command = [Require.Tool(Require.Python), "-c", Imitation] };
}
