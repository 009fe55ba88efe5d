using Sluice.TestKit;

namespace Sluice.UnitTests.Posix;

/// <summary>A tmpfs or a file mounted on something for the length of a test.</summary>
internal sealed class Mount : IAsyncDisposable
{
    private readonly string _target;

    private Mount(string target) => _target = target;

    internal static Task<Mount> TmpfsAsync(string target) => MakeAsync(target, "-t", "tmpfs", "none", target);

    internal static Task<Mount> BindAsync(string source, string target) => MakeAsync(target, "--bind", source, target);

    public async ValueTask DisposeAsync() =>
        (await ProcessRunner.RunAsync(new(Require.Tool("umount")) { Arguments = [_target] }, CancellationToken.None)).EnsureSuccess();

    private static async Task<Mount> MakeAsync(string target, params string[] arguments)
    {
        Require.Root();
        (await ProcessRunner.RunAsync(new(Require.Tool("mount")) { Arguments = arguments }, CancellationToken.None)).EnsureSuccess();
        return new Mount(target);
    }
}
