using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Crash;

/// <summary>Uploads in parts whose process dies, or whose abort does not take at once.</summary>
public sealed class MultipartCrashTests
{
    private const int PartBytes = CrashLane.PartMiB << 20;
    private const int Parts = 12;
    private const string Key = $"{CrashLane.KeyPrefix}large";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("repository.upload-part:before", 7)]
    [InlineData("repository.upload-part:after", 6)]
    [InlineData("repository.complete-upload:before", 1)]
    public async Task A_large_upload_goes_on_from_the_parts_that_arrived(string point, int passing)
    {
        await using var lane = await CrashLane.StartAsync(Cancellation);
        var tree = Make(lane);
        lane.Order(new CrashMoment(point, passing));
        var taskId = await lane.Client.CreateAsync(TaskTypes.Export, ["t"], lane.ReportPath, Cancellation);
        await lane.DeathAsync(Cancellation);
        var died = lane.Proxy.Mark();
        var arrived = PartsSent(lane).Where(request => request.ServerStatus == 200).Select(request => request.PartNumber).ToHashSet();
        lane.Unorder();
        Assert.True(await lane.TryRestartAsync(Cancellation));

        var ended = await lane.EndOrDieAsync(taskId, Cancellation);
        lane.Proxy.Mark();
        Assert.Equal("SUCCEEDED", ended!.Lifecycle);
        Assert.InRange(arrived.Count, passing > 1 ? passing - CrashLane.PartsInParallel : Parts, Parts);
        Assert.DoesNotContain(PartsSent(lane).Where(request => request.Clock > died), request => arrived.Contains(request.PartNumber));

        // Each life may find out once whether the endpoint verifies hashes, by a part that one which does refuses.
        var refused = PartsSent(lane).Where(request => request.ServerStatus == 400).ToList();
        Assert.InRange(refused.Count(request => request.Clock < died), 0, 1);
        Assert.InRange(refused.Count(request => request.Clock > died), 0, 1);
        var sent = PartsSent(lane).Except(refused).Sum(request => long.Parse(request.Headers["content-length"]));
        Assert.True(
            sent is >= (long)Parts * PartBytes and <= (long)(Parts + CrashLane.PartsInParallel) * PartBytes,
            $"{sent} bytes were sent, it died at {died}: {string.Join("; ", PartsSent(lane).Select(request => $"{request}, {request.ServerStatus}, ended at {request.EndClock}"))}");
        Assert.Single(lane.Proxy.Requests, request => request.Operation == "CreateMultipartUpload" && request.Key == Key);
        Assert.Equal(tree.ContentOf("large"), await lane.Bucket.ReadAsync(Key, Cancellation));
        Assert.Empty(await lane.Bucket.PendingUploadsAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_that_takes_the_place_of_one_that_is_being_sent_gets_its_own_metadata_over_a_death()
    {
        await using var lane = await CrashLane.StartAsync(Cancellation);
        Make(lane);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lane.Proxy.Rule = request => request.Operation == "UploadPart" ? ProxyAction.Forward.When(release.Task) : ProxyAction.Forward;
        var taskId = await lane.Client.CreateAsync(TaskTypes.Export, ["t"], lane.ReportPath, Cancellation);
        await lane.Proxy.WaitForAsync(request => request.Operation == "UploadPart", Cancellation);
        var content = new TreeBuilder().File("large", Parts * PartBytes, seed: 2).ContentOf("large");
        var (path, beside) = (Path.Combine(lane.Folder, "large"), Path.Combine(lane.Folder, "beside"));
        await File.WriteAllBytesAsync(beside, content, Cancellation);
        File.SetLastWriteTimeUtc(beside, new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.Move(beside, path, overwrite: true);

        // All parts of the one that was open are sent, and once more, because it changed; in the midst of that the process dies.
        lane.Order(new CrashMoment("repository.upload-part:after", Parts + 3));
        release.SetResult();
        await lane.DeathAsync(Cancellation);
        lane.Unorder();
        Assert.True(await lane.TryRestartAsync(Cancellation));

        Assert.Equal("SUCCEEDED", (await lane.EndOrDieAsync(taskId, Cancellation))!.Lifecycle);
        Assert.Equal(content, await lane.Bucket.ReadAsync(Key, Cancellation));
        Assert.Equal("1577934245000000000ns", (await lane.Bucket.ObjectsAsync(Cancellation))[Key].Metadata["file-mtime"]);
        Assert.Empty(await lane.Bucket.PendingUploadsAsync(Cancellation));
    }

    [Fact]
    public async Task An_abort_is_repeated_until_the_upload_is_gone()
    {
        await using var lane = await CrashLane.StartAsync(Cancellation);
        Make(lane);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborts = 0;
        lane.Proxy.Rule = request => request.Operation switch
        {
            "UploadPart" => ProxyAction.Forward.When(release.Task),

            // It says that it was done, and it was not: as where a part in flight comes in behind it.
            "AbortMultipartUpload" when ++aborts <= 2 => ProxyAction.Answer(200, "none"),
            _ => ProxyAction.Forward,
        };
        var taskId = await lane.Client.CreateAsync(TaskTypes.Export, ["t"], lane.ReportPath, Cancellation);
        await lane.Proxy.WaitForAsync(request => request.Operation == "UploadPart", Cancellation);
        await File.AppendAllTextAsync(Path.Combine(lane.Folder, "large"), "more", Cancellation);
        release.SetResult();

        await lane.EndOrDieAsync(taskId, Cancellation);
        Assert.True(aborts >= 3, $"{aborts} aborts");
        Assert.Empty(await lane.Bucket.PendingUploadsAsync(Cancellation));
    }

    private static TreeBuilder Make(CrashLane lane)
    {
        var tree = new TreeBuilder().File("large", Parts * PartBytes, seed: 1);
        CrashTree.MakeIn(lane.Folder, tree);
        return tree;
    }

    private static IEnumerable<ProxyRequest> PartsSent(CrashLane lane) => lane.Proxy.Requests.Where(request => request.Operation == "UploadPart");
}
