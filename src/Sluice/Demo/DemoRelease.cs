using System.Globalization;
using Sluice.CommandLine.Output;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Protocol.Client;

namespace Sluice.CommandLine.Demo;

/// <summary>The demo's second half, where files without their data can be guarded: release everything, see the space gone, read everything, restore what
/// is left. Where they can't be, it says why.</summary>
internal sealed class DemoRelease(CommandContext context, DemoServer server, string fileSystemId, string tree, string directory)
{
    // A part of what was used before. Directories keep their blocks, and on ext4 with inodes of 256 bytes a released file has one for where its data is.
    // Of very many small files that is a third.
    private const int SpaceLeftAtMost = 2;

    private static readonly TimeSpan CleanupLimit = TimeSpan.FromMinutes(5);

    private string Sums => Path.Combine(directory, "md5sums");

    /// <summary>Tells it.</summary>
    /// <returns>Whether everything came out as it should.</returns>
    public async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        Say("7. CreateDataRepositoryTask RELEASE_DATA_FROM_FILESYSTEM: the files stay, their data is only in the bucket");
        if (await DemoTools.RunAsync("find . -type f -print0 | xargs -0 md5sum > \"$1\"", Sums, tree, cancellationToken) != 0)
        {
            Tell("Not here: it takes find, xargs and md5sum to show it.");
            return true;
        }

        var before = await UsedAsync(cancellationToken);
        string taskId;
        try
        {
            taskId = await server.StartReleaseAsync(fileSystemId, cancellationToken);
        }
        catch (FsxClientException e) when (e.Code == "UnsupportedOperation")
        {
            Tell($"Not here: {e.Message}");
            return true;
        }

        server.IsEverythingBack = false;
        try
        {
            return await ReleaseAsync(taskId, before, cancellationToken) && await ReadAsync(cancellationToken) && await RestoreAsync(cancellationToken);
        }
        finally
        {
            if (!server.IsEverythingBack) await CleanUpAsync();
        }
    }

    private async Task<bool> ReleaseAsync(string taskId, long before, CancellationToken cancellationToken)
    {
        var task = await server.FollowAsync(taskId, _ => false, cancellationToken);
        var after = await UsedAsync(cancellationToken);
        var (released, failed) = (task.Status?.SucceededCount ?? 0, task.Status?.FailedCount ?? 0);
        Tell($"It ended {task.Lifecycle}: {Format.Files(released)} released, {Format.Count(failed)} failed: the one that is not in the bucket.");
        Tell($"du -s: {Format.Bytes(before)} before, {Format.Bytes(after)} now, for directories and objects' addresses. ls -l still shows every size.");
        var sample = Directory.EnumerateFiles(tree, "sample-*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var row = FileStateRow.Of(sample, FileState.Inspect(sample));
        Tell(string.Create(CultureInfo.InvariantCulture, $"  {row.Path}: (0x{row.States:x8}) {string.Join(' ', row.Words)} {row.Object}"));
        return failed == 1 && ((HsmStates)row.States).HasFlag(HsmStates.Released) && after < before / SpaceLeftAtMost;
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Say("8. md5sum -c: every file is opened, waits until its data is back, and is right");
        var began = context.Time.GetTimestamp();
        var code = await DemoTools.RunAsync("md5sum -c --quiet \"$1\"", Sums, tree, cancellationToken);
        var count = await File.ReadAllLinesAsync(Sums, cancellationToken);
        Tell(code == 0
            ? $"{Format.Files(count.Length)}: all right, after {Format.Span(context.Time.GetElapsedTime(began))}."
            : $"md5sum ended with {code}: a file is not what it was.");
        return code == 0;
    }

    private async Task<bool> RestoreAsync(CancellationToken cancellationToken)
    {
        Say("9. CreateRestoreTask (Sluice's own: 'sluice restore'): what nobody has read comes back too, before the demo's server goes");
        var task = await server.FollowAsync(await server.StartRestoreAsync(fileSystemId, cancellationToken), _ => false, cancellationToken);
        Tell($"It ended {task.Lifecycle}: {Format.Files(task.Status?.SucceededCount ?? 0)} restored.");
        return server.IsEverythingBack = task.Lifecycle == "SUCCEEDED";
    }

    /// <summary>Nothing may be left without its data when what guards it goes.</summary>
    private async Task CleanUpAsync()
    {
        using var limit = new CancellationTokenSource(CleanupLimit, context.Time);
        if (!await RestoreAsync(limit.Token)) Tell($"Some files in {tree} are still without their data, and guarded: 'sluice serve' as below restores them.");
    }

    private async Task<long> UsedAsync(CancellationToken cancellationToken) =>
        long.Parse((await DemoTools.AskAsync("du -s -B1 .", tree, cancellationToken)).Split('\t')[0], CultureInfo.InvariantCulture);

    private void Say(string text)
    {
        context.Out.WriteLine();
        context.Out.WriteLine(text);
    }

    private void Tell(string text) => context.Out.WriteLine($"   {text}");
}
