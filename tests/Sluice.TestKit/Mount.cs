namespace Sluice.TestKit;

/// <summary>A tmpfs or a directory mounted on something for the length of a test. Needs root.</summary>
public sealed class Mount : IAsyncDisposable
{
    private readonly string _target;

    private Mount(string target) => _target = target;

    /// <summary>An empty file system in memory on <paramref name="target"/>, of at most <paramref name="bytes"/> where that is given.</summary>
    public static Task<Mount> TmpfsAsync(string target, long? bytes = null) =>
        MakeAsync(target, ["-t", "tmpfs", .. bytes is null ? Array.Empty<string>() : ["-o", $"size={bytes}"], "none", target]);

    /// <summary>What is at <paramref name="source"/> on <paramref name="target"/> as well.</summary>
    public static Task<Mount> BindAsync(string source, string target) => MakeAsync(target, ["--bind", source, target]);

    /// <summary>Lets nothing be written any more.</summary>
    public Task MakeReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", _target);

    /// <summary>Another size for a file system in memory.</summary>
    public Task ResizeAsync(long bytes) => RunAsync("mount", "-o", $"remount,size={bytes}", _target);

    public async ValueTask DisposeAsync() => await RunAsync("umount", _target);

    private static async Task<Mount> MakeAsync(string target, string[] arguments)
    {
        Require.Root();
        await RunAsync("mount", arguments);
        return new Mount(target);
    }

    private static async Task RunAsync(string tool, params string[] arguments) =>
        (await ProcessRunner.RunAsync(new(Require.Tool(tool)) { Arguments = arguments }, CancellationToken.None)).EnsureSuccess();
}
