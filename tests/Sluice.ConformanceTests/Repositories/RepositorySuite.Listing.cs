using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

public abstract partial class RepositorySuite
{
    private const int KeysOnPages = 2_050;

    [Fact]
    public async Task A_listing_tells_size_etag_and_time()
    {
        var content = TestContent.Bytes(seed: 5, size: 77);
        var put = await PutAsync("key", content);
        var listed = await Repository.ListAsync("", null, Cancellation).SingleAsync(Cancellation);
        var head = await HeadAsync("key");
        Assert.Equal(("key", 77, put.ETag, null), (listed.Key, listed.SizeBytes, listed.ETag, listed.StorageClass));
        Assert.Equal(head.LastModified.ToUnixTimeSeconds(), listed.LastModified.ToUnixTimeSeconds());
        Assert.Equal(TimeSpan.Zero, listed.LastModified.Offset);
    }

    [Fact]
    public async Task A_listing_goes_on_over_many_pages()
    {
        var keys = Enumerable.Range(0, KeysOnPages).Select(i => $"{(char)('a' + (i % 3))}/{i}").ToList();
        await Parallel.ForEachAsync(
            keys, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (key, _) => await PutAsync(key, []));
        var sorted = Sorted(keys);

        Assert.Equal(sorted, await KeysAsync());
        Assert.Equal(sorted.Where(key => key.StartsWith("b/", StringComparison.Ordinal)), await KeysAsync("b/"));
        Assert.Equal(sorted[1500..], await KeysAsync(startAfter: sorted[1499]));
        await foreach (var item in Repository.ListAsync("", null, Cancellation))
        {
            Assert.Equal(sorted[0], item.Key);
            break;
        }
    }

    [Fact]
    public async Task A_listing_is_by_raw_prefix_after_any_position_in_byte_order()
    {
        string[] parts = ["a", "b", "", ".", "-", "0", "ab", "é", "😀", "\uffee", "%", " ", "a+", new string('l', 250), new string('l', 240) + "0"];
        var keys = parts.Concat(parts.SelectMany(first => parts.Select(second => $"{first}/{second}"))).Where(key => key.Length > 0 && (TakesLeadingSlash || key[0] != '/')).ToHashSet();
        await Parallel.ForEachAsync(
            keys, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (key, _) => await PutAsync(key, []));
        var sorted = Sorted(keys);
        Assert.Equal(sorted, await KeysAsync());

        var random = new Random(7);
        for (var trial = 0; trial < 60; trial++)
        {
            var some = sorted[random.Next(sorted.Count)];
            var cut = random.Next(some.Length + 1);
            if (cut > 0 && char.IsHighSurrogate(some[cut - 1])) cut--;
            var prefix = random.Next(4) == 0 ? "" : some[..cut];
            var after = random.Next(3) switch { 0 => null, 1 => sorted[random.Next(sorted.Count)], _ => sorted[random.Next(sorted.Count)] + "0" };
            var expected = sorted
                .Where(key => ((TreePath)key).Bytes.StartsWith(((TreePath)prefix).Bytes) && (after is null || (TreePath)key > (TreePath)after)).ToList();
            Assert.Equal(expected, await KeysAsync(prefix, after));
        }
    }

    [Fact]
    public async Task An_empty_bucket_lists_nothing() => Assert.Empty(await KeysAsync());
}
