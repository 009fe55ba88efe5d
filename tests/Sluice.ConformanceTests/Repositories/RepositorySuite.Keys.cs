using Sluice.Repositories;
using Sluice.TestKit;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

public abstract partial class RepositorySuite
{
    /// <summary>Keys S3 allows and file systems or URLs make something else of.</summary>
    private IEnumerable<string> OddKeys() => ((string[])
    [
        "a", "a/", "a/b", "a//b", "a/./b", "a/../b", "..", ".", "../up", "./here", "/", "//", "/leading", "//twice", "trailing//", "dir/", "dir/file",
        "a%", "a%/b", "%", "%25", "%2F", "%2E", "%2e%2e/x", "%_", "%_/x", "%00", "x%+", "x%+/y", "x%+/", "a+b", "a b", " ", "+", "a?b=c&d", "#", "a\\b", ":", "~", "*", "'\"<>&",
        "&amp;", "new\nline", "carriage\rreturn", "tab\t", "\u0001\u001f\u007f", "Grüße", "e\u0301", "\u00e9", "😀", "\uffee", "\ud83d\ude00/\uffee",
        ".sluice-access-check", "?versionId=1", "a/b?uploads", ";", "=", "@", ",", "$", "!", "(", ")", "[x]", "{x}", "|", "^", "`",
        new string('l', 255), new string('l', 256), new string('l', 300) + "/x", new string('l', 300) + "/y", new string('l', 239) + "é" + "tail",
        new string('l', 240), new string('l', 241), new string('%', 100), string.Concat(Enumerable.Repeat("../", 60)) + "x",
        new('k', LongestKeyBytes), string.Concat(Enumerable.Repeat("d/", LongestKeyBytes / 2)),
        .. OddNames.Utf8.Select(name => $"odd/{name}"),
    ]).Where(key => TakesLeadingSlash || key[0] != '/');

    [Fact]
    public async Task Keys_are_opaque_bytes()
    {
        var keys = OddKeys().ToList();
        Assert.Equal(keys.Count, keys.Distinct(StringComparer.Ordinal).Count());
        foreach (var key in keys) await PutAsync(key, ContentFor(key), Metadata(("length", $"{key.Length}")));

        Assert.Equal(Sorted(keys), await KeysAsync());
        foreach (var key in keys)
        {
            Assert.Equal(ContentFor(key), await ReadAsync(key));
            Assert.Equal($"{key.Length}", (await HeadAsync(key)).Metadata.User["length"]);
        }

        foreach (var key in keys.Where((_, i) => i % 2 == 0).ToList())
        {
            await Repository.DeleteAsync(key, Cancellation);
            keys.Remove(key);
            Assert.Null(await Repository.HeadAsync(key, Cancellation));
        }

        Assert.Equal(Sorted(keys), await KeysAsync());
        foreach (var key in keys)
            Assert.Equal(ContentFor(key), await ReadAsync(key));
    }

    [Fact]
    public async Task Metadata_is_replaced_and_parts_are_sent_under_odd_keys()
    {
        foreach (var key in new[] { "a/../b", "/leading//", "trailing//", "a+b %2F?", "new\nline\u0001", "😀é" }.Where(key => TakesLeadingSlash || key[0] != '/'))
        {
            var put = await PutAsync(key, [1]);
            await Repository.ReplaceMetadataAsync(key, put.ETag, Metadata(("changed", "1")), Core.Tasks.StartPermit.Unrestricted, Cancellation);
            Assert.Equal("1", (await HeadAsync(key)).Metadata.User["changed"]);

            var upload = await CreateAsync(key);
            Assert.Equal(upload, (await Repository.ListUploadsAsync(key, Cancellation).SingleAsync(Cancellation)).Upload);
            var part = await Repository.UploadPartAsync(Part(upload, 1, [2, 3]), Cancellation);
            Assert.Equal([part], (await PartsAsync(upload)).Select(listed => listed with { Checksum = part.Checksum }));
            await Repository.CompleteUploadAsync(upload, [part], part.Checksum!.Value, Cancellation);
            Assert.Equal([2, 3], await ReadAsync(key));
        }

        Assert.Empty(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_that_can_not_be_stored_is_refused()
    {
        foreach (var key in new[] { new string('k', 1025), new string('é', 513) })
        {
            var refusal = await RefusedAsync(RepositoryErrorCode.KeyRefused, () => PutAsync(key, [1]));
            Assert.False(refusal.IsTransient);
            await RefusedAsync(RepositoryErrorCode.KeyRefused, () => CreateAsync(key));
        }

        foreach (var key in new[] { "", "\ud83d", "a\udc00b" })
            await RefusedAsync(RepositoryErrorCode.KeyRefused, () => PutAsync(key, [1]));
        if (!TakesLeadingSlash) await RefusedAsync(RepositoryErrorCode.KeyRefused, () => PutAsync("/leading", [1]));
        Assert.Empty(await KeysAsync());
    }

    [Fact]
    public async Task A_name_changes_between_object_and_directory_without_a_trace()
    {
        foreach (var order in new[] { new[] { "a", "a/b", "a", "-a/b", "a", "-a" }, ["a/b", "a", "-a/b", "a", "a/b", "-a", "-a/b"] })
        {
            var expected = new Dictionary<string, byte[]>();
            for (var step = 0; step < order.Length; step++)
            {
                var key = order[step].TrimStart('-');
                if (order[step][0] == '-')
                {
                    await Repository.DeleteAsync(key, Cancellation);
                    expected.Remove(key);
                }
                else
                {
                    await PutAsync(key, [(byte)step]);
                    expected[key] = [(byte)step];
                }

                Assert.Equal(Sorted(expected.Keys), await KeysAsync());
                foreach (var (stored, content) in expected)
                    Assert.Equal(content, await ReadAsync(stored));
            }
        }

        Assert.Empty(await KeysAsync());
    }

    private static byte[] ContentFor(string key) => System.Text.Encoding.UTF8.GetBytes($"content of {key}");
}
