using System.Text;
using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.Repositories;
using Sluice.SystemTests.Import;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>Imports from buckets that somebody filled who wants out of the root.</summary>
public sealed class HostileBucketTests
{
    private static readonly string[] Keys =
    [
        "../out", "../../out", "a/../../out", "a/../b", "..", "../", ".", "./", "./x", "a/./b", "/", "//", "/etc/passwd", "a//b", "b/", "b//", "b/../", "...", "..a", "a..",
        "dir", "dir/", "dir/file", "dir/file/", "dir/file/below", "Case", "case", "e\u0301", "\u00e9", "new\nline", "cr\rx", "esc\u001b[2J", "del\u007f", "c1\u009bx", "bidi\u202Ex",
        " ", "-rf", "~", "*", "a\\b", "..\\..\\out", "%2e%2e/out", "..%2fout", ".sluice-import-0000000000000000", new string('n', 255), new string('n', 256), "é" + new string('n', 254),
        string.Concat(Enumerable.Repeat("../", 300)) + "out", string.Concat(Enumerable.Repeat("d/", 500)) + "deep", new string('s', 200) + "/" + new string('t', 800),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hostile_keys_of_a_directory_stay_beneath_the_root() => await ImportAsync(bucket: null);

    [Fact]
    public async Task Hostile_keys_of_an_S3_bucket_stay_beneath_the_root()
    {
        await using var bucket = await S3Bucket.CreateAsync(Cancellation);
        await ImportAsync(bucket.Repository);
    }

    [Fact]
    public async Task Keys_that_no_server_stores_are_rows_when_one_lists_them()
    {
        await using var rig = await ImportRig.StartAsync();
        string[] listed = ["nul\0", "../\0", new string('k', 5000), "\uFFFD", "\uD800x", "x/\uDC00"];
        for (var i = 0; i < listed.Length; i++) await rig.PutAsync($"{i}", "x");
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnList = item => item with { Key = ImportRig.Prefix + listed[item.Key[^1] - '0'] },
        };
        var task = await rig.ImportAsync();

        Assert.Equal((listed.Length, 0L), (task.Progress!.Value.FailedCount, task.Progress.Value.SucceededCount));
        Assert.Empty(rig.Paths());
        Assert.Equal(3, (await rig.ReportAsync(task)).Split(",failed,S3ObjectPathNotPosixCompliant\n").Length - 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("data")]
    [InlineData("other/../../secret")]
    public async Task A_listing_of_keys_that_were_not_asked_for_fails_the_task(string key)
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("file", "x");
        rig.Seen = new WatchedBucket(rig.Bucket) { OnList = item => item with { Key = key } };
        var task = await rig.ImportAsync();

        Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
        Assert.Contains("does not begin with 'data/'", task.FailureMessage, StringComparison.Ordinal);
        Assert.Empty(rig.Paths());
    }

    [Fact]
    public async Task Hostile_metadata_makes_ordinary_files_without_special_rights()
    {
        await using var rig = await ImportRig.StartAsync();
        (string Name, string Value)[][] said =
        [
            [("file-permissions", "0104777")], [("file-permissions", "0020666")], [("file-permissions", "0060666")], [("file-permissions", "0010666")], [("file-permissions", "0140777")],
            [("file-permissions", "0107777")], [("file-permissions", "07777777777777777777777")], [("file-permissions", "-1")], [("file-permissions", "0x1ff")], [("file-permissions", "rwxrwxrwx")],
            [("file-owner", "-1"), ("file-group", "-1")], [("file-owner", "4294967295"), ("file-group", "4294967296")], [("file-owner", "99999999999999999999")], [("file-owner", "root")],
            [("file-mtime", "-9223372036854775808ns")], [("file-mtime", "9223372036854775807ns")], [("file-mtime", "99999999999999999999ns")], [("file-mtime", "9223372036854775807")],
            [("file-mtime", "NaN")], [("file-atime", "-1ns"), ("file-mtime", "")],
        ];
        for (var i = 0; i < said.Length; i++) await rig.PutAsync($"f{i}", "x", said[i]);
        await rig.PutAsync("d/", "", ("file-permissions", "0106777"), ("file-owner", "-7"), ("file-mtime", "-9223372036854775808ns"));
        var task = await rig.ImportAsync();

        Assert.Equal(0, task.Progress!.Value.FailedCount);
        using var root = FileSystemCalls.OpenRoot(rig.Root);
        for (var i = 0; i < said.Length; i++)
        {
            var status = FileSystemCalls.StatusAt(root, Encoding.UTF8.GetBytes($"f{i}"));
            Assert.Equal((FileKind.Regular, 0u), (status.Kind, status.Mode & 0xC00));
            Assert.Equal((0u, 0u), (status.Uid, status.Gid));
        }

        Assert.Equal(0u, FileSystemCalls.StatusAt(root, "d"u8).Mode & 0xC00);
    }

    [Fact]
    public async Task Symlinks_that_lead_outside_are_made_and_never_followed()
    {
        await using var rig = await ImportRig.StartAsync();
        var outside = Path.GetFullPath(Path.Combine(rig.Root, "../outside"));
        using var canaries = Canaries.Make(outside, ["file", "dir/file"], bytes: 3000);
        string[] targets = [outside, "../outside", Path.Combine(outside, "file"), "/proc/self/root", "/proc/self/cwd", "..", ".", "/", "loop0", new string('t', 4095)];
        for (var i = 0; i < targets.Length; i++)
            await rig.PutAsync($"loop{i}", targets[i], ("file-permissions", "0120777"), ("file-owner", "1234"), ("file-mtime", "1000000000ns"));
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.FailedCount);
        for (var i = 0; i < targets.Length; i++)
        {
            await rig.PutAsync($"loop{i}/file", "x");
            await rig.PutAsync($"loop{i}/dir/file", "x");
        }

        var first = await rig.ImportAsync();
        var second = await rig.ImportAsync();

        foreach (var task in new[] { first, second }) Assert.Equal(2 * targets.Length, task.Progress!.Value.FailedCount);
        Assert.Equal(targets.Length, rig.Paths().Count);
        for (var i = 0; i < targets.Length; i++) Assert.Equal(targets[i], new FileInfo(Path.Combine(rig.Root, $"loop{i}")).LinkTarget);
        canaries.AssertUntouched("symlinks");
    }

    private static async Task ImportAsync(IObjectRepository? bucket)
    {
        await using var rig = await ImportRig.StartAsync(bucket: bucket);
        var beside = Path.GetFullPath(Path.Combine(rig.Root, "../out"));
        var stored = 0;
        foreach (var key in Keys)
        {
            try
            {
                await rig.PutAsync(key, "x");
                stored++;
            }
            catch (RepositoryException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"not stored: {PathText.Of(Encoding.UTF8.GetBytes(key))}");
            }
        }

        Assert.True(stored > Keys.Length - 4, $"Only {stored} of {Keys.Length} keys were stored.");
        var task = await rig.ImportAsync();

        // Each is made where its key says, to the byte, or is a row with a code.
        var report = (await rig.ReportAsync(task)).Split(",failed,").Skip(1).Select(rest => rest.Split('\n')[0]).ToList();
        Assert.All(report, code => Assert.True(Enum.IsDefined(Enum.Parse<FailureCode>(code))));
        Assert.Equal((stored, report.Count), (task.Progress!.Value.TotalCount, task.Progress.Value.FailedCount));
        var made = rig.Paths().Select(path => path.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        var keys = Keys.Select(key => key.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        Assert.All(made, path => Assert.True(keys.Any(key => key == path || key.StartsWith(path + "/", StringComparison.Ordinal)), $"Nobody asked for '{path}'."));
        Assert.False(Path.Exists(beside), "Something was made outside.");
        Assert.False(Path.Exists("/out") || Path.Exists("/tmp/out"));
    }
}
