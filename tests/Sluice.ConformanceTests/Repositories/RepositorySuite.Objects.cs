using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

public abstract partial class RepositorySuite
{
    private const int MetadataBytes = 2048;

    [Fact]
    public async Task An_object_is_read_as_it_was_put()
    {
        var content = TestContent.Bytes(seed: 1, size: 300_000);
        var result = await PutAsync("a/b", content, Metadata(("one", "1"), ("two", "with blanks, and \"quotes\"")) with { ContentType = "text/x-test" });

        Assert.Equal(Digests.Md5Hex(content), result.ETag);
        var head = await HeadAsync("a/b");
        Assert.Equal(content.Length, head.SizeBytes);
        Assert.Equal(result.ETag, head.ETag);
        Assert.Null(head.StorageClass);
        Assert.Equal("text/x-test", head.Metadata.ContentType);
        Assert.Equal(new Dictionary<string, string> { ["one"] = "1", ["two"] = "with blanks, and \"quotes\"" }, head.Metadata.User);
        if (head.Checksum is { } checksum) Assert.Equal(Crc64Nvme.Hash(content), checksum);

        await using var read = await Repository.GetAsync("a/b", 0, null, result.ETag, Cancellation);
        Assert.Equal(content.Length, read.Head.SizeBytes);
        Assert.Equal(head.ETag, read.Head.ETag);
        Assert.Equal(head.LastModified.ToUnixTimeSeconds(), read.Head.LastModified.ToUnixTimeSeconds());
        Assert.Equal(head.Metadata.User, read.Head.Metadata.User);
        Assert.Equal("text/x-test", read.Head.Metadata.ContentType);
        Assert.Equal(content, await ReadAsync("a/b"));
    }

    [Fact]
    public async Task An_object_may_be_empty()
    {
        var result = await PutAsync("empty", []);
        Assert.Equal(Digests.Md5Hex([]), result.ETag);
        Assert.Equal(0, (await HeadAsync("empty")).SizeBytes);
        Assert.Empty(await ReadAsync("empty"));
        Assert.Equal(0, (await Repository.ListAsync("", null, Cancellation).SingleAsync(Cancellation)).SizeBytes);
    }

    [Fact]
    public async Task A_put_replaces_content_and_metadata_as_a_whole()
    {
        await PutAsync("key", [1, 2, 3], Metadata(("old", "1")));
        var result = await PutAsync("key", [4], Metadata(("new", "2")));

        var head = await HeadAsync("key");
        Assert.Equal(result.ETag, head.ETag);
        Assert.Equal(new Dictionary<string, string> { ["new"] = "2" }, head.Metadata.User);
        Assert.Equal([4], await ReadAsync("key"));
        Assert.Equal(["key"], await KeysAsync());
    }

    [Fact]
    public async Task Metadata_may_have_two_kilobytes()
    {
        var metadata = Metadata(("a", new string('x', 1000)), ("b", new string('+', MetadataBytes - 1000 - 2)));
        await PutAsync("key", [1], metadata);
        Assert.Equal(metadata.User, (await HeadAsync("key")).Metadata.User);
    }

    [Fact]
    public async Task Posix_metadata_arrives_as_it_was_sent()
    {
        var metadata = Metadata(
            ("file-permissions", "0100664"), ("file-owner", "6666"), ("file-group", "0"), ("file-atime", "1595002920000000000ns"),
            ("file-mtime", "-1ns"), ("user-agent", "aws-fsx-lustre"));
        await PutAsync("key", [1], metadata);
        var head = await HeadAsync("key");
        Assert.Equal(metadata.User, head.Metadata.User);
        Assert.Equal("application/octet-stream", head.Metadata.ContentType);
    }

    [Fact]
    public async Task A_content_that_is_not_what_its_checksums_say_is_refused_and_changes_nothing()
    {
        await PutAsync("key", [1]);
        var wrong = Request("key", [2]) with { Checksum = 42 };
        var refusal = await RefusedAsync(RepositoryErrorCode.ChecksumMismatch, () => Repository.PutAsync(wrong, StartPermit.Unrestricted, Cancellation));
        Assert.True(refusal.IsTransient);
        Assert.Equal([1], await ReadAsync("key"));
    }

    [Fact]
    public async Task A_missing_object_has_no_head_and_can_not_be_read()
    {
        Assert.Null(await Repository.HeadAsync("missing", Cancellation));
        Assert.Null(await Repository.HeadAsync("missing/below", Cancellation));
        var refusal = await RefusedAsync(RepositoryErrorCode.NotFound, () => ReadAsync("missing"));
        Assert.False(refusal.IsTransient);
        Assert.Contains("missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_removes_one_object_and_a_missing_one_is_success()
    {
        await PutAsync("a", [1]);
        await PutAsync("a/b", [2]);
        await PutAsync("a/c", [3]);
        await Repository.DeleteAsync("a/b", Cancellation);
        await Repository.DeleteAsync("a/b", Cancellation);
        await Repository.DeleteAsync("never", Cancellation);
        await Repository.DeleteAsync("never/was", Cancellation);
        Assert.Equal(["a", "a/c"], await KeysAsync());
        await Repository.DeleteAsync("a", Cancellation);
        Assert.Null(await Repository.HeadAsync("a", Cancellation));
        Assert.Equal([3], await ReadAsync("a/c"));
    }

    [Fact]
    public async Task A_range_is_read_alone()
    {
        var content = TestContent.Bytes(seed: 2, size: 1000);
        var put = await PutAsync("key", content);

        Assert.Equal(content[..10], await ReadAsync("key", 0, 10));
        Assert.Equal(content[10..11], await ReadAsync("key", 10, 1));
        Assert.Equal(content[990..], await ReadAsync("key", 990));
        Assert.Equal(content[990..], await ReadAsync("key", 990, 5000));
        Assert.Equal(content, await ReadAsync("key", 0, 1000));
        await using var part = await Repository.GetAsync("key", 10, 5, put.ETag, Cancellation);
        Assert.Equal(content.Length, part.Head.SizeBytes);
        Assert.Equal(put.ETag, part.Head.ETag);
    }

    [Fact]
    public async Task A_range_past_the_end_is_refused()
    {
        await PutAsync("key", [1, 2, 3]);
        await PutAsync("empty", []);
        Assert.False((await RefusedAsync(RepositoryErrorCode.Refused, () => ReadAsync("key", 3))).IsTransient);
        await RefusedAsync(RepositoryErrorCode.Refused, () => ReadAsync("key", 1000, 1));
        await RefusedAsync(RepositoryErrorCode.Refused, () => ReadAsync("empty", 0, 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync("key", 0, 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReadAsync("key", -1));
    }

    [Fact]
    public async Task Reading_another_object_than_the_expected_one_is_refused()
    {
        var old = await PutAsync("key", [1]);
        await PutAsync("key", [2]);
        await RefusedAsync(RepositoryErrorCode.PreconditionFailed, () => Repository.GetAsync("key", 0, null, old.ETag, Cancellation));
    }

    [Fact]
    public async Task An_object_being_read_is_whole_though_it_is_replaced_meanwhile()
    {
        var content = TestContent.Bytes(seed: 3, size: 100_000);
        await PutAsync("key", content);
        await using var read = await Repository.GetAsync("key", 0, null, null, Cancellation);
        await PutAsync("key", [1]);
        using var buffer = new MemoryStream();
        await read.Stream.CopyToAsync(buffer, Cancellation);
        Assert.Equal(content, buffer.ToArray());
    }

    [Fact]
    public async Task Metadata_is_replaced_without_sending_the_content()
    {
        var content = TestContent.Bytes(seed: 4, size: 10_000);
        var put = await PutAsync("a key+%", content, Metadata(("old", "1"), ("both", "1")));

        var copy = await Repository.ReplaceMetadataAsync(
            "a key+%", put.ETag, Metadata(("both", "2"), ("new", "3")), StartPermit.Unrestricted, Cancellation);

        var head = await HeadAsync("a key+%");
        Assert.Equal(copy.ETag, head.ETag);
        Assert.Equal(new Dictionary<string, string> { ["both"] = "2", ["new"] = "3" }, head.Metadata.User);
        Assert.Equal("application/octet-stream", head.Metadata.ContentType);
        Assert.Equal(content, await ReadAsync("a key+%"));
    }

    [Fact]
    public async Task Metadata_of_another_object_than_the_expected_one_is_left_alone()
    {
        await RefusedAsync(RepositoryErrorCode.NotFound, () => ReplaceAsync("missing", Digests.Md5Hex([])));
        await PutAsync("key", [1], Metadata(("old", "1")));
        await RefusedAsync(RepositoryErrorCode.PreconditionFailed, () => ReplaceAsync("key", Digests.Md5Hex([2])));
        Assert.Equal(new Dictionary<string, string> { ["old"] = "1" }, (await HeadAsync("key")).Metadata.User);

        Task<PutResult> ReplaceAsync(string key, string etag) =>
            Repository.ReplaceMetadataAsync(key, etag, Metadata(), StartPermit.Unrestricted, Cancellation);
    }

    [Fact]
    public async Task A_copy_has_the_content_of_its_source_and_metadata_of_its_own()
    {
        var content = TestContent.Bytes(seed: 6, size: 10_000);
        var put = await PutAsync("from here+%", content, Metadata(("old", "1")));
        await PutAsync("there/is/something", [1]);
        foreach (var key in (string[])["to there/and+%", "there/is/something"])
        {
            var copy = await Repository.CopyAsync("from here+%", put.ETag, key, Metadata(("new", "2")), StartPermit.Unrestricted, Cancellation);
            var head = await HeadAsync(key);
            Assert.Equal(copy.ETag, head.ETag);
            Assert.Equal(new Dictionary<string, string> { ["new"] = "2" }, head.Metadata.User);
            Assert.Equal(content, await ReadAsync(key));
        }

        Assert.Equal(new Dictionary<string, string> { ["old"] = "1" }, (await HeadAsync("from here+%")).Metadata.User);
        Assert.Equal(content, await ReadAsync("from here+%"));
    }

    [Fact]
    public async Task Another_object_than_the_expected_one_is_not_copied()
    {
        await RefusedAsync(RepositoryErrorCode.NotFound, () => CopyAsync("missing", Digests.Md5Hex([])));
        await PutAsync("key", [1]);
        await RefusedAsync(RepositoryErrorCode.PreconditionFailed, () => CopyAsync("key", Digests.Md5Hex([2])));
        Assert.Null(await Repository.HeadAsync("copy", Cancellation));

        Task<PutResult> CopyAsync(string key, string etag) => Repository.CopyAsync(key, etag, "copy", Metadata(), StartPermit.Unrestricted, Cancellation);
    }

    [Fact]
    public async Task Access_to_a_bucket_is_proved_and_nothing_is_left_behind()
    {
        await Repository.CheckAccessAsync("some/prefix/", Cancellation);
        Assert.Empty(await KeysAsync());
        Assert.Empty(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_told_by_every_call()
    {
        var missing = OpenMissing();
        var upload = new MultipartUpload("key", new string('0', 32));
        Func<Task>[] calls =
        [
            () => missing.CheckAccessAsync("", Cancellation),
            () => missing.PutAsync(Request("key", [1]), StartPermit.Unrestricted, Cancellation),
            () => missing.GetAsync("key", 0, null, null, Cancellation),
            () => missing.DeleteAsync("key", Cancellation),
            () => missing.CreateUploadAsync("key", Metadata(), StartPermit.Unrestricted, Cancellation),
            () => missing.UploadPartAsync(Part(upload, 1, [1]), Cancellation),
            async () => await missing.ListAsync("", null, Cancellation).ToListAsync(Cancellation),
            async () => await missing.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation),
        ];
        foreach (var call in calls)
            Assert.Contains(missing.Bucket, (await RefusedAsync(RepositoryErrorCode.BucketNotFound, call)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_canceled_call_does_nothing()
    {
        await PutAsync("key", [1]);
        var canceled = new CancellationToken(canceled: true);
        var upload = new MultipartUpload("key", (await Repository.CreateUploadAsync("key", Metadata(), StartPermit.Unrestricted, Cancellation)).UploadId);
        Func<Task>[] calls =
        [
            () => Repository.PutAsync(Request("key", [2]), StartPermit.Unrestricted, canceled),
            () => Repository.HeadAsync("key", canceled),
            () => Repository.GetAsync("key", 0, null, null, canceled),
            () => Repository.DeleteAsync("key", canceled),
            () => Repository.CreateUploadAsync("key", Metadata(), StartPermit.Unrestricted, canceled),
            () => Repository.UploadPartAsync(Part(upload, 1, [1]), canceled),
            () => Repository.AbortUploadAsync(upload, canceled),
            async () => await Repository.ListAsync("", null, canceled).ToListAsync(Cancellation),
        ];
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
        Assert.Equal([1], await ReadAsync("key"));
        Assert.Single(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
    }
}
