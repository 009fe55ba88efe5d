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
    public async Task Beginnings_of_keys_up_to_the_next_slash_come_once_in_byte_order()
    {
        string[] keys =
        [
            "a", "a/b", "a/c/d", "a/c/e", "a!/x", "a-b/x", "a.b/x", "é/x", "😀/x", "\uffee/x", " /x", "%/x", "b",
            $"{new string('l', 250)}/x", $"{new string('l', 240)}0/x", $"{new string('l', 240)}/x", "a/c/é/x", "a/%2E/x",
        ];
        foreach (var key in keys) await PutAsync(key, []);

        foreach (var prefix in new[] { "", "a/", "a/c/", "a/c/é/", "nothing/" })
        {
            var expected = Sorted(keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && key.IndexOf('/', prefix.Length) >= 0)
                .Select(key => key[..(key.IndexOf('/', prefix.Length) + 1)]).Distinct());
            Assert.Equal(expected, await BeginningsAsync(prefix, startAfter: null));

            // One in the midst of which the position is may come again.
            foreach (var after in expected)
            {
                var later = await BeginningsAsync(prefix, after);
                Assert.Equal(expected[(expected.IndexOf(after) + 1)..], later.Where(beginning => beginning != after));
            }
        }
    }

    [Fact]
    public async Task Beginnings_go_on_over_many_pages_and_vanish_with_their_keys()
    {
        await Parallel.ForAsync(
            0, 1100, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (i, _) => await PutAsync($"p/{i}/x", []));
        var beginnings = await BeginningsAsync("p/", startAfter: null);
        Assert.Equal(Sorted(Enumerable.Range(0, 1100).Select(i => $"p/{i}/")), beginnings);
        await Repository.DeleteAsync("p/7/x", Cancellation);
        Assert.DoesNotContain("p/7/", await BeginningsAsync("p/", startAfter: null));
    }

    [Fact]
    public async Task An_empty_bucket_lists_nothing()
    {
        Assert.Empty(await KeysAsync());
        Assert.Empty(await BeginningsAsync("", startAfter: null));
    }

    private async Task<List<string>> BeginningsAsync(string prefix, string? startAfter) =>
        await Repository.ListPrefixesAsync(prefix, startAfter, Cancellation).ToListAsync(Cancellation);
}
