using Sluice.TestKit;

namespace Sluice.SystemTests.Crash;

/// <summary>The tree that tasks work on: empty, small and large files, hard links, symlinks, directories, odd names, and a name that is no key.</summary>
internal static class CrashTree
{
    private const long MiB = 1 << 20;
    private const long TimeNs = 1_700_000_000_123_456_789;
    private const int FilesPerFolder = 16;

    /// <summary>Files that go in parts and come in ranges.</summary>
    public static IReadOnlyList<string> Large { get; } = ["large", "larger"];

    /// <summary>A tree of about so many entries, with times that do not depend on when it is made.</summary>
    public static TreeBuilder Make(int entries)
    {
        var tree = new TreeBuilder();
        var folders = Math.Max(2, entries / (FilesPerFolder + 4));
        for (var folder = 0; folder < folders; folder++)
        {
            var name = $"folder-{folder}";
            tree.Directory(name, mode: 0b111_101_000, modifiedNs: TimeNs + folder);
            for (var file = 0; file < FilesPerFolder; file++)
            {
                tree.File($"{name}/file-{file}", file == 0 ? 0 : 100 * file * file, seed: (ulong)((folder * FilesPerFolder) + file),
                    mode: 0b110_100_000, uid: (uint)(1000 + file), modifiedNs: TimeNs + file);
            }

            tree.Symlink($"{name}/link", "file-1", modifiedNs: TimeNs);
            tree.HardLink($"{name}/again", $"{name}/file-{FilesPerFolder - 1}");
            tree.Directory($"{name}/empty", modifiedNs: TimeNs);
            tree.File($"{name}/{OddNames.Utf8[folder % OddNames.Utf8.Count]}", 10, seed: (ulong)folder, modifiedNs: TimeNs);
        }

        tree.File(Large[0], (10 * MiB) + 1, seed: 1, modifiedNs: TimeNs);
        tree.File(Large[1], 11 * MiB, seed: 2, modifiedNs: TimeNs);
        tree.File(OddNames.NotUtf8[0], 10, modifiedNs: TimeNs);
        return tree;
    }

    /// <summary>Makes it in a new directory, whose own time does not depend on when either.</summary>
    public static void MakeIn(string folder, TreeBuilder tree)
    {
        tree.MakeIn(Directory.CreateDirectory(folder).FullName);
        Directory.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch.AddTicks(TimeNs / TimeSpan.NanosecondsPerTick));
    }

    /// <summary>Removes it and whatever else is in the directory.</summary>
    public static async Task RemoveAsync(string folder) =>
        (await ProcessRunner.RunAsync(new("/bin/rm") { Arguments = ["-rf", "--", folder] }, CancellationToken.None)).EnsureSuccess();
}
