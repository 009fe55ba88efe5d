using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.Repositories.Resolving;
using Sluice.Repositories.S3;
using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

/// <summary>What is sent with objects and parts so that the endpoint verifies them, at one that stores no CRC-64/NVME but verifies the signed hash.</summary>
public sealed class ContentCheckTests : IAsyncLifetime
{
    private const int PartBytes = 5 << 20;

    // Of no bytes.
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private RgwBucket _bucket = null!;
    private S3Proxy _proxy = null!;
    private S3Access _access = null!;
    private S3Repository _repository = null!;
    private MultipartUpload _upload = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<ProxyRequest> Parts => _proxy.Requests.Where(request => request.Operation == "UploadPart");

    private IEnumerable<ProxyRequest> Trials => Parts.Where(IsTrial);

    [Fact]
    public async Task Once_the_endpoint_refused_wrong_content_its_check_of_the_hash_is_proof_enough()
    {
        var parts = new List<UploadedPart>();
        for (var number = 1; number <= 3; number++) parts.Add(await SendAsync(number));
        _proxy.Mark();

        Assert.Equal(
            ["1 MD5 200", "2 trial 400", "2 200", "3 200"],
            Parts.Select(part => $"{part.PartNumber}{Proof(part)} {part.Status}"));
        var put = await _repository.CompleteUploadAsync(_upload, parts, Crc64Nvme.Hash(Content(1, 2, 3)), Cancellation);
        Assert.Equal(put.ETag, (await _repository.HeadAsync("key", Cancellation))!.ETag);
        await using var content = await _repository.GetAsync("key", 0, null, null, Cancellation);
        using var read = new MemoryStream();
        await content.Stream.CopyToAsync(read, Cancellation);
        Assert.Equal(Content(1, 2, 3), read.ToArray());
    }

    [Fact]
    public async Task What_is_learned_from_one_object_holds_for_all_and_small_ones_teach_nothing()
    {
        int[] sizes = [1 << 20, 1000, 1 << 20, 1000, 1 << 20];
        foreach (var (index, size) in sizes.Index())
        {
            var content = new byte[size];
            content[0] = (byte)index;
            var put = new PutRequest { Key = $"object-{index}", Content = content, Checksum = Crc64Nvme.Hash(content), Metadata = new ObjectMetadata { User = new Dictionary<string, string> { ["a"] = "b" } } };
            await _repository.PutAsync(put, StartPermit.Unrestricted, Cancellation);
            await using var stored = await _repository.GetAsync(put.Key, 0, null, null, Cancellation);
            Assert.Equal("b", stored.Head.Metadata.User["a"]);
            using var read = new MemoryStream();
            await stored.Stream.CopyToAsync(read, Cancellation);
            Assert.Equal(content, read.ToArray());
        }

        _proxy.Mark();
        Assert.Equal(
            ["object-0 MD5 200", "object-1 MD5 200", "object-2 trial 400", "object-2 200", "object-3 200", "object-4 200"],
            _proxy.Requests.Where(request => request.Operation == "PutObject").Select(request => $"{request.Key}{Proof(request)} {request.Status}"));
    }

    [Fact]
    public async Task A_part_that_is_damaged_on_its_way_is_refused_without_MD5_too()
    {
        for (var number = 1; number <= 2; number++) await SendAsync(number);
        _proxy.Rule = static _ => ProxyAction.CorruptRequest;
        var e = await Assert.ThrowsAsync<RepositoryException>(() => SendAsync(3));

        Assert.Equal((RepositoryErrorCode.ChecksumMismatch, true), (e.Code, e.IsTransient));
        _proxy.Rule = static _ => ProxyAction.Forward;
        Assert.Equal([1, 2], (await _repository.ListPartsAsync(_upload, Cancellation).ToListAsync(Cancellation)).Select(part => part.PartNumber));
        Assert.False(HasMd5(Parts.Last()));
    }

    [Fact]
    public async Task An_endpoint_that_takes_whatever_comes_goes_on_getting_the_MD5()
    {
        _proxy.Rule = static request => IsTrial(request) ? ProxyAction.Answer(200, "Taken") : ProxyAction.Forward;
        for (var number = 1; number <= 3; number++) await SendAsync(number);
        _proxy.Mark();

        Assert.Single(Trials);
        Assert.All(Parts.Except(Trials), part => Assert.True(HasMd5(part)));
        var listed = await _repository.ListPartsAsync(_upload, Cancellation).ToListAsync(Cancellation);
        Assert.All(listed, part => Assert.Equal(PartBytes, part.SizeBytes));
    }

    [Theory]
    [InlineData(503, "SlowDown")]
    [InlineData(0, "cut")]
    public async Task What_shows_nothing_is_tried_again_at_the_next_part(int status, string code)
    {
        var isFirst = true;
        _proxy.Rule = request =>
        {
            if (!IsTrial(request) || !isFirst) return ProxyAction.Forward;
            isFirst = false;
            return status == 0 ? ProxyAction.CutBeforeForward : ProxyAction.Answer(status, code);
        };
        for (var number = 1; number <= 4; number++) await SendAsync(number);
        _proxy.Mark();

        Assert.Equal([2, 3], Trials.Select(trial => trial.PartNumber ?? 0));
        Assert.Equal([1, 2], Parts.Where(HasMd5).Select(part => part.PartNumber ?? 0));
    }

    public async ValueTask InitializeAsync()
    {
        var server = await RgwServer.GetAsync();
        _bucket = await server.CreateBucketAsync(Cancellation);
        _proxy = server.StartProxy();
        _access = S3ClientFactory.Create(
            new S3Endpoint { Url = _proxy.Endpoint }, new Amazon.Runtime.BasicAWSCredentials(server.AccessKey, server.SecretKey), TimeProvider.System);
        _repository = new S3Repository(_bucket.Name, _access);
        var metadata = new ObjectMetadata { User = new Dictionary<string, string>() };
        var created = await _repository.CreateUploadAsync("key", metadata, StartPermit.Unrestricted, Cancellation);
        _upload = new MultipartUpload("key", created.UploadId);
    }

    public async ValueTask DisposeAsync()
    {
        _access.Dispose();
        await _proxy.DisposeAsync();
        await _bucket.DisposeAsync();
    }

    private static bool IsTrial(ProxyRequest request) => request.Method == "PUT" && request.Headers["x-amz-content-sha256"] == EmptyHash && request.Headers["content-length"] != "0";

    private static string Proof(ProxyRequest request) => IsTrial(request) ? " trial" : HasMd5(request) ? " MD5" : "";

    private static bool HasMd5(ProxyRequest request) => request.Headers.ContainsKey("content-md5");

    private static byte[] Content(params IEnumerable<int> numbers) => [.. numbers.SelectMany(number => Enumerable.Repeat((byte)number, PartBytes))];

    private Task<UploadedPart> SendAsync(int number)
    {
        var content = Content(number);
        var request = new UploadPartRequest { Upload = _upload, PartNumber = number, Content = content, Checksum = Crc64Nvme.Hash(content) };
        return _repository.UploadPartAsync(request, Cancellation);
    }
}
