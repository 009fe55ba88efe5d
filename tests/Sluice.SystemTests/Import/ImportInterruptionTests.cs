using Sluice.Core.Tasks;
using Sluice.Repositories;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>Imports that are canceled, or die, and go on.</summary>
public sealed class ImportInterruptionTests
{
    private const int Files = 600;

    [Fact]
    public async Task A_cancel_ends_with_exactly_what_had_begun_and_the_next_import_does_the_rest()
    {
        await using var rig = await RigAsync();
        using var gate = new StartGate();
        var id = await rig.CreateAsync(TaskType.ImportMetadata, []);
        rig.Guard.OnWatch = count =>
        {
#pragma warning disable VSTHRD002 // The importer is held on purpose until the cancel is through.
            if (count == 100) rig.CancelAsync(id, gate).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        };
        var task = await rig.RunAsync(id, gate);

        Assert.Equal(TaskLifecycle.Canceled, task.Lifecycle);
        Assert.InRange(task.Progress!.Value.SucceededCount, 100, Files);
        Assert.Equal(task.Progress.Value.SucceededCount, gate.StartedCount);
        AssertNothingLeft(rig);
        AssertDirectories(rig, isWhole: false);

        var rest = await rig.ImportAsync();
        Assert.Equal(Files + 61, task.Progress.Value.SucceededCount + rest.Progress!.Value.SucceededCount);
        AssertDirectories(rig, isWhole: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    [InlineData(500)]
    public async Task An_import_that_died_goes_on_and_counts_everything_once(int deathAt)
    {
        await using var rig = await RigAsync();
        var id = await DieAsync(rig, deathAt);
        rig.Guard.OnWatch = static _ => { };
        var task = await rig.RunAsync(id);

        Assert.Equal((TaskLifecycle.Succeeded, (long)Files + 61), (task.Lifecycle, task.Progress!.Value.SucceededCount));
        AssertNothingLeft(rig);
        AssertDirectories(rig, isWhole: true);
    }

    [Fact]
    public async Task A_cancel_of_an_import_that_died_counts_what_was_done_without_asking_the_bucket()
    {
        await using var rig = await RigAsync();
        var id = await DieAsync(rig, 200);
        await rig.CancelAsync(id, gate: null);
        rig.Seen = new WatchedBucket(rig.Bucket) { OnList = static _ => throw new InvalidOperationException("It was asked.") };
        var task = await rig.RunAsync(id);

        Assert.Equal(TaskLifecycle.Canceled, task.Lifecycle);
        var files = rig.Paths().Count(path => !path.EndsWith('/'));
        Assert.InRange(task.Progress!.Value.SucceededCount, files, files + 61);
        AssertNothingLeft(rig);

        (rig.Seen, rig.Guard.OnWatch) = (rig.Bucket, static _ => { });
        var rest = await rig.ImportAsync();
        Assert.Equal(Files + 61, task.Progress.Value.SucceededCount + rest.Progress!.Value.SucceededCount);
        AssertDirectories(rig, isWhole: true);
    }

    [Fact]
    public async Task An_import_that_died_and_can_not_list_the_bucket_any_more_counts_what_it_had_done()
    {
        await using var rig = await RigAsync();
        var id = await DieAsync(rig, 200);
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnList = static _ => throw new RepositoryException(RepositoryErrorCode.AccessDenied, "It may not be listed.", isTransient: false),
        };
        var task = await rig.RunAsync(id);

        Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
        var files = rig.Paths().Count(path => !path.EndsWith('/'));
        Assert.InRange(task.Progress!.Value.SucceededCount, files, files + 61);

        (rig.Seen, rig.Guard.OnWatch) = (rig.Bucket, static _ => { });
        var rest = await rig.ImportAsync();
        Assert.Equal(Files + 61, task.Progress.Value.SucceededCount + rest.Progress!.Value.SucceededCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public async Task A_listing_that_breaks_by_something_else_than_the_bucket_fails_the_import_instead_of_leaving_it_waiting(int breaksAt)
    {
        await using var rig = await RigAsync();
        var listed = 0;
        rig.Seen = new WatchedBucket(rig.Bucket)
        {
            OnList = item => Interlocked.Increment(ref listed) == breaksAt ? throw new IOException("The disk said no.") : item,
        };
        var task = await rig.ImportAsync();

        Assert.Equal((TaskLifecycle.Failed, "The disk said no."), (task.Lifecycle, task.FailureMessage));
        AssertNothingLeft(rig);

        rig.Seen = rig.Bucket;
        var rest = await rig.ImportAsync();
        Assert.Equal(TaskLifecycle.Succeeded, rest.Lifecycle);
        AssertDirectories(rig, isWhole: true);
    }

    [Fact]
    public async Task A_death_before_a_replacement_leaves_the_old_file_and_no_temporary_name_after_recovery()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("dir/", "", ("file-mtime", "1000000000ns"));
        await rig.PutAsync("dir/f", "one");
        await rig.ImportAsync();
        await rig.PutAsync("dir/f", "another");
        var id = await DieAsync(rig, rig.Guard.Watched.Count);
        Assert.Equal(3, rig.StatusOf("dir/f")!.Value.SizeBytes);
        await File.WriteAllTextAsync(Path.Combine(rig.Root, "dir/.sluice-import-0123456789abcdef"), "as a death would leave it", TestContext.Current.CancellationToken);
        Directory.SetLastWriteTimeUtc(Path.Combine(rig.Root, "dir"), DateTime.UnixEpoch.AddSeconds(1));

        rig.Guard.OnWatch = static _ => { };
        Assert.Equal(TaskLifecycle.Succeeded, (await rig.RunAsync(id)).Lifecycle);
        Assert.Equal(7, rig.StatusOf("dir/f")!.Value.SizeBytes);
        Assert.Equal(["dir/", "dir/f"], rig.Paths());
        Assert.EndsWith(" 1", rig.Describe("dir"));
    }

    private static async Task<ImportRig> RigAsync()
    {
        var rig = await ImportRig.StartAsync();
        await rig.PutAsync("", "", ("file-mtime", "1000000000ns"), ("file-permissions", "0040755"));
        for (var i = 0; i < 60; i++) await rig.PutAsync($"d{i}/", "", ("file-mtime", "1000000000ns"), ("file-permissions", "0040711"));
        for (var i = 0; i < Files; i++) await rig.PutAsync($"d{i % 60}/f{i}", "x");
        return rig;
    }

    /// <summary>Ends a task's life in the midst, as a death of the process does: what is not on the file system is lost.</summary>
    private static async Task<Core.Ids.TaskId> DieAsync(ImportRig rig, int at)
    {
        var id = await rig.CreateAsync(TaskType.ImportMetadata, []);
        rig.Guard.OnWatch = count =>
        {
            if (count >= at) throw new InvalidOperationException("The process dies.");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.RunAsync(id));
        Assert.Equal(TaskLifecycle.Executing, (await rig.FindAsync(id)).Lifecycle);
        return id;
    }

    private static void AssertNothingLeft(ImportRig rig) => Assert.DoesNotContain(rig.Paths(), path => path.Contains(".sluice", StringComparison.Ordinal));

    private static void AssertDirectories(ImportRig rig, bool isWhole)
    {
        var directories = rig.Paths().Where(path => path.EndsWith('/')).Select(path => path.TrimEnd('/')).ToList();
        if (isWhole) Assert.Equal(60, directories.Count);
        foreach (var directory in isWhole ? directories.Append("") : directories.Where(path => rig.StateOf(path).Record is not null))
        {
            Assert.StartsWith(directory.Length == 0 ? "40755" : "40711", rig.Describe(directory));
            Assert.EndsWith(" 1", rig.Describe(directory));
        }
    }
}
