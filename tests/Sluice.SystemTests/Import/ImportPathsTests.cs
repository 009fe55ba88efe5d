using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Xunit;

namespace Sluice.SystemTests.Import;

/// <summary>Which keys the paths of a task mean.</summary>
public sealed class ImportPathsTests
{
    private static readonly string[] Keys = ["p", "p/a", "p/b/c", "pq", "p.d/e", "q/x"];

    [Theory]
    [InlineData("p", "p p/a|p/b/c")]
    [InlineData("p/", "p/a p/b/c")]
    [InlineData("p/b", "p/b/c")]
    [InlineData("p/a", "p/a")]
    [InlineData("p/ p/b q/x q/x", "p/a p/b/c q/x")]
    public async Task A_path_means_its_key_and_what_is_beneath_it(string paths, string expected)
    {
        await using var rig = await ImportRig.StartAsync();
        foreach (var key in Keys) await rig.PutAsync(key, "x");
        var task = await rig.ImportAsync([.. paths.Split(' ').Select(rig.Url)]);

        // "p" is a file and a directory: whichever comes first is there.
        var found = rig.Paths().Where(path => !path.EndsWith('/')).ToList();
        if (expected.Contains('|', StringComparison.Ordinal))
        {
            Assert.Equal(3L, task.Progress!.Value.TotalCount);
            Assert.InRange(task.Progress.Value.FailedCount, 1, 2);
            return;
        }

        Assert.Equal(expected.Split(' '), found);
        Assert.Equal(found.Count, task.Progress!.Value.SucceededCount);
    }

    [Fact]
    public async Task Without_paths_everything_linked_is_imported()
    {
        await using var rig = await ImportRig.StartAsync(fileSystemPath: "/one/deep");
        await rig.LinkAsync("/two", $"s3://{rig.Bucket.Bucket}/data2/");
        await rig.PutAsync("a/f", "x");
        var put = new PutRequest { Key = "data2/g", Content = new byte[1], Checksum = Crc64Nvme.Hash([0]), Metadata = new() { User = new Dictionary<string, string>() } };
        await rig.Bucket.PutAsync(put, StartPermit.Unrestricted, TestContext.Current.CancellationToken);
        var task = await rig.ImportAsync();
        Assert.Equal(TaskLifecycle.Succeeded, task.Lifecycle);
        Assert.Equal(["one/", "one/deep/", "one/deep/a/", "one/deep/a/f", "two/", "two/g"], rig.Paths());
    }

    [Fact]
    public async Task A_path_outside_every_linked_repository_fails_the_task_before_anything_is_done()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("a", "x");
        foreach (var path in new[] { "s3://another-bucket/data", $"s3://{rig.Bucket.Bucket}/other", "data/a", "s3://" })
        {
            var task = await rig.ImportAsync(rig.Url("a"), path);
            Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
            Assert.Contains($"'{path}'", task.FailureMessage, StringComparison.Ordinal);
        }

        Assert.Empty(rig.Paths());
    }

    [Fact]
    public async Task A_path_at_which_there_is_nothing_fails_the_task()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("a", "x");
        var task = await rig.ImportAsync(rig.Url("b"));
        Assert.Equal(TaskLifecycle.Failed, task.Lifecycle);
        Assert.Contains("There is nothing", task.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_above_the_linked_repositories_means_all_of_them()
    {
        await using var rig = await ImportRig.StartAsync();
        await rig.PutAsync("a", "x");
        Assert.Equal(1, (await rig.ImportAsync($"s3://{rig.Bucket.Bucket}")).Progress!.Value.SucceededCount);
    }
}
