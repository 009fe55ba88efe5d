using Amazon.S3;
using Amazon.S3.Model;
using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>A trial's tree and its objects: what should be where.</summary>
internal static class TrialTree
{
    /// <summary>The objects of a whole tree beneath a directory that is exported itself.</summary>
    public static Dictionary<string, ExpectedObject> Objects(TreeBuilder tree, string prefix)
    {
        var objects = new Dictionary<string, ExpectedObject>(StringComparer.Ordinal) { [prefix] = new([]) };
        foreach (var entry in tree.Entries.Where(entry => entry.Path.IsUtf8))
        {
            if (Content(tree, entry) is { } content) objects[prefix + entry.Path + (entry.Kind == TreeEntryKind.Directory ? "/" : "")] = new(content);
        }

        return objects;
    }

    /// <summary>Entries whose names are no keys.</summary>
    public static int NotKeys(TreeBuilder tree) => tree.Entries.Count(entry => !entry.Path.IsUtf8 && Content(tree, entry) is not null);

    /// <summary>Changes some files of an exported tree: new content, or only a new mode. Answers the keys that are to be written therefore.</summary>
    public static HashSet<string> Change(TrialPlan plan, string root, string prefix, Dictionary<string, ExpectedObject> expected)
    {
        var random = new Random(~plan.Seed);
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var linked = plan.Tree.Entries.Where(entry => entry.Kind == TreeEntryKind.HardLink).Select(entry => entry.Target).ToHashSet();
        foreach (var entry in plan.Tree.Entries.Where(entry => entry is { Kind: TreeEntryKind.File, Path.IsUtf8: true } && !linked.Contains(entry.Path)))
        {
            var path = Path.Combine(root, entry.Path.ToString());
            var key = prefix + entry.Path;
            switch (random.Next(3))
            {
                case 0:
                    var content = TestContent.Bytes((ulong)random.NextInt64(), random.Next(1, 20_000));
                    File.WriteAllBytes(path, content);
                    expected[key] = new(content);
                    break;
                case 1:
                    File.SetUnixFileMode(path, File.GetUnixFileMode(path) ^ UnixFileMode.OtherExecute);
                    break;
                default:
                    continue;
            }

            changed.Add(key);
        }

        return changed;
    }

    /// <summary>Sizes and ETags of what is stored.</summary>
    public static async Task<Dictionary<string, (long Size, string ETag)>> StoredAsync(RgwBucket bucket, string prefix, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, (long, string)>(StringComparer.Ordinal);
        var request = new ListObjectsV2Request { BucketName = bucket.Name, Prefix = prefix, Encoding = EncodingType.Url };
        do
        {
            var page = await bucket.Client.ListObjectsV2Async(request, cancellationToken);
            foreach (var item in page.S3Objects ?? [])
                stored[Uri.UnescapeDataString(item.Key.Replace('+', ' '))] = (item.Size ?? 0, item.ETag.Trim('"'));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return stored;
    }

    /// <summary>Of the keys that were begun, those whose object is missing or wrong.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAsync(
        RgwBucket bucket,
        IEnumerable<string> begun,
        IReadOnlyDictionary<string, ExpectedObject> expected,
        IReadOnlyDictionary<string, (long Size, string ETag)> stored,
        CancellationToken cancellationToken)
    {
        var broken = new List<string>();
        foreach (var key in begun.Where(expected.ContainsKey))
        {
            var isWhole = stored.TryGetValue(key, out var found) && found.Size == expected[key].Content.Length
                && (found.ETag == expected[key].ETag || (IsOfParts(found.ETag) && await HoldsAsync(bucket, key, expected[key].Content, cancellationToken)));
            if (!isWhole) broken.Add(key);
        }

        return broken;
    }

    private static bool IsOfParts(string etag) => etag.Contains('-', StringComparison.Ordinal);

    private static async Task<bool> HoldsAsync(RgwBucket bucket, string key, byte[] content, CancellationToken cancellationToken)
    {
        var stored = await bucket.ReadAsync(key, cancellationToken);
        return stored.AsSpan().SequenceEqual(content);
    }

    /// <summary>Deletes the trial's objects.</summary>
    public static async Task RemoveAsync(RgwBucket bucket, string prefix, CancellationToken cancellationToken)
    {
        foreach (var keys in (await bucket.KeysAsync(cancellationToken, prefix)).Chunk(500))
        {
            await Parallel.ForEachAsync(
                keys, cancellationToken, async (key, cancel) => await bucket.Client.DeleteObjectAsync(bucket.Name, key, cancel));
        }
    }

    private static byte[]? Content(TreeBuilder tree, TreeEntry entry) => entry.Kind switch
    {
        TreeEntryKind.File or TreeEntryKind.HardLink => tree.ContentOf(entry.Path),
        TreeEntryKind.Directory => [],
        TreeEntryKind.Symlink => entry.Target.Bytes.ToArray(),
        _ => null,
    };
}
