using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>What objects become.</summary>
public sealed class ImportMetadataTests
{
    private static readonly (string, string)[] Full =
    [
        ("file-permissions", "0100640"), ("file-owner", "1001"), ("file-group", "1002"),
        ("file-atime", "1595002920000000001ns"), ("file-mtime", "1595002921000000002ns"),
    ];

    [Fact]
    public async Task An_object_becomes_a_file_without_data_that_says_where_its_data_is()
    {
        await using var rig = await ImportRig.StartAsync();
        var put = await rig.PutAsync("dir/file", "content", Full);
        var task = await rig.ImportAsync();

        Assert.Equal((TaskLifecycle.Succeeded, new TaskProgress(1, 1, 0, 7, 7)), (task.Lifecycle, task.Progress!.Value));
        var status = rig.StatusOf("dir/file")!.Value;
        Assert.Equal("100640 1001:1002 7 1595002921", rig.Describe("dir/file"));
        Assert.Equal((1595002920000000001L, 1595002921000000002L, 1u), (status.AtimeNs, status.MtimeNs, status.LinkCount));
        var state = rig.StateOf("dir/file");
        Assert.Equal(HsmStates.Exists | HsmStates.Archived | HsmStates.Released, state.States);
        Assert.NotEqual(0UL, state.Record!.Value.Checksum);
        Assert.Equal((rig.Bucket.Bucket, ImportRig.Prefix + "dir/file", put.ETag), Parts(rig.AddressOf("dir/file")!));
        Assert.Equal([7L], rig.Guard.Watched.Select(file => file.SizeBytes));
    }

    [Fact]
    public async Task What_has_no_metadata_belongs_to_root_with_755_and_the_objects_time()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("dir/", "");
        await rig.PutAsync("dir/file", "content");
        await rig.PutAsync("new/file", "content");
        await rig.ImportAsync();
        var head = await rig.Bucket.HeadAsync(ImportRig.Prefix + "dir/file", TestContext.Current.CancellationToken);
        Assert.Equal($"100755 0:0 7 {head!.LastModified.ToUnixTimeSeconds()}", rig.Describe("dir/file"));
        Assert.StartsWith("40755 0:0 ", rig.Describe("dir"));
        Assert.StartsWith("40755 0:0 ", rig.Describe("new"));
    }

    [Theory]
    [InlineData("0100644", "1", "2", "1595002920000000003ns", "100644 1:2 1 1595002920")]
    [InlineData("100644", "1", "2", "1595002920123", "100644 1:2 1 1595002920")]
    [InlineData("644", "alice", "staff", "soon", "100644 0:0 1 -")]
    [InlineData("0106755", "4294967295", "-1", "-1000000000ns", "100755 0:0 1 -1")]
    [InlineData("0101777", "4294967294", "0", "0ns", "101777 4294967294:0 1 0")]
    [InlineData("rwxr-xr-x", "", "", "", "100755 0:0 1 -")]
    public async Task Metadata_others_wrote_is_taken_as_far_as_it_can_be_read(string mode, string owner, string group, string mtime, string expected)
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("f", "x", ("file-permissions", mode), ("file-owner", owner), ("file-group", group), ("file-mtime", mtime));
        await rig.ImportAsync();
        Assert.StartsWith(expected.TrimEnd('-'), rig.Describe("f"));
    }

    [Fact]
    public async Task An_empty_object_becomes_a_file_that_has_its_data()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("", "");
        await rig.PutAsync("empty", "", Full);
        await rig.ImportAsync();
        Assert.Equal("100640 1001:1002 0 1595002921", rig.Describe("empty"));
        Assert.Equal(HsmStates.Exists | HsmStates.Archived, rig.StateOf("empty").States);
        Assert.Empty(rig.Guard.Watched);
        Assert.Equal(0, (await rig.ExportAsync()).Progress!.Value.TotalCount);
    }

    [Fact]
    public async Task A_slash_at_the_end_makes_a_directory_whatever_the_type_bits_say()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("a/", "a body nobody wants", ("file-permissions", "0100750"), ("file-mtime", "1000000000ns"));
        await rig.PutAsync("b/", "", ("file-permissions", "0120777"));
        await rig.PutAsync("c", "", ("file-permissions", "0040755"));
        await rig.ImportAsync();
        Assert.Equal(["a/", "b/", "c"], rig.Paths());
        Assert.StartsWith("40750 0:0 ", rig.Describe("a"));
        Assert.EndsWith(" 1", rig.Describe("a"));
    }

    [Fact]
    public async Task A_directory_made_for_what_is_in_it_gets_its_own_values_later()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("dir/file", "x");
        await rig.ImportAsync();
        Assert.StartsWith("40755 0:0 ", rig.Describe("dir"));

        await rig.PutAsync("dir/", "", ("file-permissions", "0040700"), ("file-owner", "5"), ("file-group", "6"), ("file-mtime", "1000000000ns"));
        await rig.ImportAsync();
        Assert.StartsWith("40700 5:6 ", rig.Describe("dir"));
        Assert.EndsWith(" 1", rig.Describe("dir"));
    }

    [Fact]
    public async Task A_directory_keeps_its_objects_time_when_entries_are_imported_into_it_later()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("dir/", "", ("file-mtime", "1000000000ns"));
        await rig.ImportAsync();
        await rig.PutAsync("dir/sub/file", "x");
        await rig.PutAsync("dir/link", "sub", ("file-permissions", "0120777"));
        await rig.ImportAsync();
        Assert.EndsWith(" 1", rig.Describe("dir"));
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.TotalCount);
    }

    [Fact]
    public async Task A_symlink_gets_its_target_from_the_body()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("link", "/etc/../nowhere", ("file-permissions", "0120777"), ("file-owner", "7"), ("file-group", "8"), ("file-mtime", "1000000000ns"));
        await rig.ImportAsync();
        Assert.Equal("/etc/../nowhere", new FileInfo(Path.Combine(rig.Root, "link")).LinkTarget);
        Assert.Equal("120777 7:8 15 1", rig.Describe("link"));

        // Another target replaces it; the same with another owner does not.
        await rig.PutAsync("link", "elsewhere", ("file-permissions", "0120777"));
        await rig.ImportAsync();
        Assert.Equal("elsewhere", new FileInfo(Path.Combine(rig.Root, "link")).LinkTarget);
        Assert.StartsWith("120777 7:8 9", rig.Describe("link"));
        Assert.Equal(["link"], rig.Paths());
    }

    [Fact]
    public async Task A_target_that_can_be_none_fails()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("empty", "", ("file-permissions", "0120777"));
        await rig.PutAsync("long", new string('x', 4096), ("file-permissions", "0120777"));
        await rig.PutAsync("longest", new string('x', 4095), ("file-permissions", "0120777"));
        await rig.PutAsync("nul", "a\0b", ("file-permissions", "0120777"));
        var task = await rig.ImportAsync();
        Assert.Equal(["longest"], rig.Paths());
        Assert.Equal((TaskLifecycle.Failed, 3L), (task.Lifecycle, task.Progress!.Value.FailedCount));
        var rows = (await rig.ReportAsync(task)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order();
        Assert.Equal(["empty,failed,InternalError", "long,failed,InternalError", "nul,failed,InternalError"], rows);
    }

    [Fact]
    public async Task A_changed_object_wins_over_the_file_and_what_it_does_not_say_is_kept()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("f", "one", Full);
        await rig.ImportAsync();
        await File.WriteAllTextAsync(Path.Combine(rig.Root, "f"), "local content", TestContext.Current.CancellationToken);
        await rig.PutAsync("f", "two, longer");
        await rig.ImportAsync();
        Assert.StartsWith("100640 1001:1002 11 ", rig.Describe("f"));
        Assert.Equal(HsmStates.Exists | HsmStates.Archived | HsmStates.Released, rig.StateOf("f").States);
        Assert.Equal(new byte[11], await File.ReadAllBytesAsync(Path.Combine(rig.Root, "f"), TestContext.Current.CancellationToken));
        Assert.Equal(["f"], rig.Paths());
    }

    [Fact]
    public async Task Metadata_written_anew_on_the_same_content_is_noticed()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("f", "same", ("file-owner", "1"));
        await rig.PutAsync("d/", "", ("file-owner", "1"));
        await rig.ImportAsync();
        await rig.PutAsync("f", "same", ("file-owner", "2"));
        await rig.PutAsync("d/", "", ("file-owner", "2"));
        var later = new WatchedBucket(rig.Bucket) { OnList = item => item with { LastModified = item.LastModified.AddMinutes(1) } };
        rig.Seen = later;
        Assert.Equal(2, (await rig.ImportAsync()).Progress!.Value.SucceededCount);
        Assert.StartsWith("100755 2:0", rig.Describe("f"));
        Assert.StartsWith("40755 2:0", rig.Describe("d"));

        // Written again and not changed: asked, and nothing done.
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.TotalCount);
        Assert.Equal(4, later.Heads.Count);
    }

    [Fact]
    public async Task Hard_linked_files_are_current_under_each_of_their_names()
    {
        await using var rig = await ImportRig.StartAsync();
        new TreeBuilder().File("a", 100, seed: 1).HardLink("b", "a").MakeIn(rig.Root);
        await rig.ExportAsync();
        Assert.Equal(0, (await rig.ImportAsync()).Progress!.Value.TotalCount);
        Assert.Equal(2u, rig.StatusOf("b")!.Value.LinkCount);
    }

    private static (string, string, string) Parts(Engine.Ledger.ObjectAddress address) => (address.Bucket, address.Key, address.ETag);
}
