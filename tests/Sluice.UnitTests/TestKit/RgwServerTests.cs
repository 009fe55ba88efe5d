using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class RgwServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_are_seen_as_they_were_stored()
    {
        var server = await RgwServer.GetAsync();
        await using var bucket = await server.CreateBucketAsync(Cancel);
        var content = TestContent.Bytes(1, 5000);
        string[] keys = ["plain", "a b+c%20d", "dir/", "new\nline", "ü/日本語", "q\"uote&<x>", "\u0001control", "x//y", "=1+1"];
        foreach (var key in keys)
        {
            var put = new PutObjectRequest { BucketName = bucket.Name, Key = key, InputStream = new MemoryStream(content) };
            put.Metadata["file-owner"] = "6666";
            await server.Client.PutObjectAsync(put, Cancel);
        }

        Assert.Equal(keys.Order(StringComparer.Ordinal), (await bucket.KeysAsync(Cancel)).Order(StringComparer.Ordinal));
        var objects = await bucket.ObjectsAsync(Cancel);
        Assert.All(keys, key => Assert.Equal((5000, Digests.Md5Hex(content)), (objects[key].Size, objects[key].ETag)));
        Assert.All(keys, key => Assert.Equal("6666", objects[key].Metadata["file-owner"]));
        Assert.Equal(content, await bucket.ReadAsync("new\nline", Cancel));
        Assert.Equal(Digests.Sha256Hex(content), await bucket.Sha256Async("plain", Cancel));
        Assert.Null(await bucket.HeadAsync("missing", Cancel));
    }

    [Fact]
    public async Task Signed_requests_pass_the_proxy_and_open_uploads_are_seen()
    {
        var server = await RgwServer.GetAsync();
        await using var bucket = await server.CreateBucketAsync(Cancel);
        await using var proxy = server.StartProxy();
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(server.AccessKey, server.SecretKey),
            RgwServer.ClientConfiguration(proxy.Endpoint));
        var content = TestContent.Bytes(4, 6 * 1024 * 1024);

        await client.PutObjectAsync(new() { BucketName = bucket.Name, Key = "one", InputStream = new MemoryStream(content) }, Cancel);
        var upload = await client.InitiateMultipartUploadAsync(bucket.Name, "many", Cancel);
        await client.UploadPartAsync(
            new()
            {
                BucketName = bucket.Name,
                Key = "many",
                UploadId = upload.UploadId,
                PartNumber = 1,
                InputStream = new MemoryStream(content),
            },
            Cancel);
        _ = proxy.Mark();

        Assert.Equal(["PutObject", "CreateMultipartUpload", "UploadPart"], proxy.Requests.Select(request => request.Operation));
        Assert.Equal(upload.UploadId, proxy.Requests[2].UploadId);
        Assert.Equal([new PendingUpload("many", upload.UploadId)], await bucket.PendingUploadsAsync(Cancel));
        Assert.Equal(content, await bucket.ReadAsync("one", Cancel));
    }
}
