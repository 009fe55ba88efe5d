using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

public abstract partial class RepositorySuite
{
    [Fact]
    public async Task An_object_is_made_of_parts_sent_in_any_order()
    {
        var content = TestContent.Bytes(seed: 6, size: (2 * SmallestPartBytes) + 1000);
        var upload = await CreateAsync("big", Metadata(("file-owner", "7")) with { ContentType = "text/x-big" });
        var sent = new List<UploadedPart>();
        foreach (var number in new[] { 3, 1, 2 }) sent.Add(await SendAsync(upload, number, content));
        Assert.Null(await Repository.HeadAsync("big", Cancellation));
        Assert.Empty(await KeysAsync());

        var parts = sent.OrderBy(part => part.PartNumber).ToList();
        var result = await Repository.CompleteUploadAsync(upload, parts, Crc64Nvme.Hash(content), Cancellation);

        Assert.Equal(Digests.MultipartETag(content, SmallestPartBytes), result.ETag);
        var head = await HeadAsync("big");
        Assert.Equal(result.ETag, head.ETag);
        Assert.Equal(content.Length, head.SizeBytes);
        Assert.Equal("text/x-big", head.Metadata.ContentType);
        Assert.Equal(new Dictionary<string, string> { ["file-owner"] = "7" }, head.Metadata.User);
        Assert.Equal(Digests.Sha256Hex(content), Digests.Sha256Hex(await ReadAsync("big")));
        Assert.Equal(content[(SmallestPartBytes - 5)..(SmallestPartBytes + 5)], await ReadAsync("big", SmallestPartBytes - 5, 10));
        Assert.Empty(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await PartsAsync(upload));
    }

    [Fact]
    public async Task Metadata_of_an_object_made_of_parts_is_replaced()
    {
        var content = TestContent.Bytes(seed: 7, size: SmallestPartBytes + 1);
        var put = await UploadAsync("big", content);
        var copy = await Repository.ReplaceMetadataAsync("big", put.ETag, Metadata(("new", "1")), StartPermit.Unrestricted, Cancellation);
        var head = await HeadAsync("big");
        Assert.Equal(copy.ETag, head.ETag);
        Assert.Equal("1", head.Metadata.User["new"]);
        Assert.Equal(Digests.Sha256Hex(content), Digests.Sha256Hex(await ReadAsync("big")));
    }

    [Fact]
    public async Task Parts_that_arrived_are_listed_so_that_an_upload_can_go_on()
    {
        var content = TestContent.Bytes(seed: 8, size: (2 * SmallestPartBytes) + 9);
        var created = await CreateAsync("big");
        var third = await SendAsync(created, 3, content);
        var first = await SendAsync(created, 1, content);

        var upload = (await Repository.ListUploadsAsync("big", Cancellation).SingleAsync(Cancellation)).Upload;
        Assert.Equal(created, upload);
        var parts = await PartsAsync(upload);
        Assert.Equal([first, third], parts.Select(part => part with { Checksum = Crc64Nvme.Hash(Slice(content, part.PartNumber)) }));
        Assert.All(parts, part => Assert.True(part.Checksum is null || part.Checksum == Crc64Nvme.Hash(Slice(content, part.PartNumber))));

        parts.Insert(1, await SendAsync(upload, 2, content));
        await Repository.CompleteUploadAsync(upload, parts, Crc64Nvme.Hash(content), Cancellation);
        Assert.Equal(Digests.Sha256Hex(content), Digests.Sha256Hex(await ReadAsync("big")));
    }

    [Fact]
    public async Task A_part_that_is_sent_again_replaces_the_first()
    {
        var upload = await CreateAsync("key");
        await Repository.UploadPartAsync(Part(upload, 1, [1]), Cancellation);
        var again = await Repository.UploadPartAsync(Part(upload, 1, [2]), Cancellation);
        await Repository.CompleteUploadAsync(upload, [again], again.Checksum!.Value, Cancellation);
        Assert.Equal([2], await ReadAsync("key"));
    }

    [Fact]
    public async Task Completing_again_answers_the_same_object()
    {
        var content = TestContent.Bytes(seed: 9, size: SmallestPartBytes + 3);
        var upload = await CreateAsync("big");
        List<UploadedPart> parts = [await SendAsync(upload, 1, content), await SendAsync(upload, 2, content)];
        var first = await Repository.CompleteUploadAsync(upload, parts, Crc64Nvme.Hash(content), Cancellation);
        var second = await Repository.CompleteUploadAsync(upload, parts, Crc64Nvme.Hash(content), Cancellation);
        Assert.Equal(first.ETag, second.ETag);
    }

    [Fact]
    public async Task Completing_an_upload_that_is_gone_is_refused()
    {
        await PutAsync("key", [9]);
        var upload = await CreateAsync("key");
        var part = await Repository.UploadPartAsync(Part(upload, 1, [1]), Cancellation);
        await Repository.AbortUploadAsync(upload, Cancellation);
        await RefusedAsync(
            RepositoryErrorCode.UploadNotFound, () => Repository.CompleteUploadAsync(upload, [part], part.Checksum!.Value, Cancellation));
        await RefusedAsync(RepositoryErrorCode.UploadNotFound, () => Repository.UploadPartAsync(Part(upload, 2, [1]), Cancellation));
        Assert.Equal([9], await ReadAsync("key"));
    }

    [Fact]
    public async Task Completing_with_a_part_that_is_not_there_is_refused()
    {
        var upload = await CreateAsync("key");
        var part = await Repository.UploadPartAsync(Part(upload, 1, [1]), Cancellation);
        var stranger = part with { ETag = Digests.Md5Hex([7]) };
        Assert.False((await RefusedAsync(
            RepositoryErrorCode.Refused, () => Repository.CompleteUploadAsync(upload, [stranger], 0, Cancellation))).IsTransient);
        Assert.Null(await Repository.HeadAsync("key", Cancellation));
    }

    [Fact]
    public async Task A_part_that_is_not_what_its_checksums_say_is_refused()
    {
        var upload = await CreateAsync("key");
        var wrong = Part(upload, 1, [1]) with { Checksum = 42 };
        await RefusedAsync(RepositoryErrorCode.ChecksumMismatch, () => Repository.UploadPartAsync(wrong, Cancellation));
        Assert.Empty(await PartsAsync(upload));
    }

    [Fact]
    public async Task Aborting_leaves_nothing_and_may_be_repeated()
    {
        await PutAsync("key", [9]);
        var upload = await CreateAsync("key");
        await Repository.UploadPartAsync(Part(upload, 1, [1]), Cancellation);
        await Repository.AbortUploadAsync(upload, Cancellation);
        await Repository.AbortUploadAsync(upload, Cancellation);
        Assert.Empty(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await PartsAsync(upload));
        Assert.Equal([9], await ReadAsync("key"));
    }

    [Fact]
    public async Task Uploads_are_listed_by_prefix_in_key_order()
    {
        string[] keys = ["a/1", "a/2", "a/\uffee", "a/😀", "b", "a", "a/new\nline"];
        foreach (var key in keys) await CreateAsync(key);
        await CreateAsync("a/1");
        Assert.Equal(
            Sorted([.. keys.Where(key => key.StartsWith("a/", StringComparison.Ordinal)), "a/1"]),
            await Repository.ListUploadsAsync("a/", Cancellation).Select(listed => listed.Upload.Key).ToListAsync(Cancellation));
        foreach (var listed in await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation))
            await Repository.AbortUploadAsync(listed.Upload, Cancellation);
        Assert.Empty(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
    }

    protected static UploadPartRequest Part(MultipartUpload upload, int number, byte[] content) =>
        new() { Upload = upload, PartNumber = number, Content = content, Checksum = Crc64Nvme.Hash(content) };

    protected async Task<MultipartUpload> CreateAsync(string key, ObjectMetadata? metadata = null) =>
        new(key, (await Repository.CreateUploadAsync(key, metadata ?? Metadata(), StartPermit.Unrestricted, Cancellation)).UploadId);

    private async Task<List<UploadedPart>> PartsAsync(MultipartUpload upload) =>
        await Repository.ListPartsAsync(upload, Cancellation).ToListAsync(Cancellation);

    protected Task<UploadedPart> SendAsync(MultipartUpload upload, int number, byte[] content) =>
        Repository.UploadPartAsync(Part(upload, number, Slice(content, number)), Cancellation);

    protected async Task<PutResult> UploadAsync(string key, byte[] content)
    {
        var upload = await CreateAsync(key);
        var parts = new List<UploadedPart>();
        for (var number = 1; (number - 1) * SmallestPartBytes < content.Length; number++) parts.Add(await SendAsync(upload, number, content));
        return await Repository.CompleteUploadAsync(upload, parts, Crc64Nvme.Hash(content), Cancellation);
    }

    private byte[] Slice(byte[] content, int number) =>
        content[((number - 1) * SmallestPartBytes)..Math.Min(number * SmallestPartBytes, content.Length)];
}
