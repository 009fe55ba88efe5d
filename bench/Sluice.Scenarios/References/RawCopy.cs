using Amazon.S3.Model;
using Sluice.Core.Files;
using Sluice.Scenarios.Targets;
using Sluice.Scenarios.Trees;

namespace Sluice.Scenarios.References;

/// <summary>A tree sent by bare requests, with as many in flight as Sluice has: a PUT for each file; for a single file, which is large, a PUT for each part.</summary>
internal static class RawCopy
{
    private const int FilesInFlight = 32;
    private const int PartsInFlight = 4;
    private const int PartBytes = 8 << 20;
    private const string Prefix = "raw/";

    /// <summary>Its name in the tables.</summary>
    public static string NameFor(FileTree tree) => tree.Files == 1
        ? $"raw PUT of its parts, C, {PartsInFlight} connections"
        : $"raw PUT of each file, C, {FilesInFlight} connections";

    /// <summary>The name of what sends the metadata of an export too.</summary>
    public const string NameWithMetadata = "the same with the metadata of an export";

    private static IReadOnlyDictionary<string, string> Metadata { get; } =
        new PosixMetadata(0x81A4, 1000, 1000, AtimeNs: 1_700_000_000_123_456_789, MtimeNs: 1_700_000_000_123_456_789).ToUserMetadata();

    /// <summary>The key of a file that was sent.</summary>
    public static string KeyOf(string name) => Prefix + name;

    /// <summary>Sends a tree to a bucket.</summary>
    public static async Task<Measurement> RunAsync(string source, FileTree tree, S3Target target, CancellationToken cancellationToken)
    {
        if (tree.Files > 1) return await RunAsync(FileTree.FilesIn(source), target, cancellationToken);
        using var requests = new RawRequests(target);
        await AddPartsAsync(requests, target, tree.Bytes, cancellationToken);
        return await requests.RunAsync(PartsInFlight, cancellationToken);
    }

    /// <summary>Sends the files of a tree to a bucket, with metadata as an export does.</summary>
    public static Task<Measurement> RunWithMetadataAsync(string source, S3Target target, CancellationToken cancellationToken) =>
        RunAsync(FileTree.FilesIn(source), target, cancellationToken, Metadata);

    /// <summary>Sends some files of a tree to a bucket.</summary>
    public static async Task<Measurement> RunAsync(
        IEnumerable<(string Name, long Bytes)> files, S3Target target, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var requests = new RawRequests(target);
        foreach (var (name, bytes) in files) requests.AddPut(KeyOf(name), bytes, metadata);
        return await requests.RunAsync(FilesInFlight, cancellationToken);
    }

    private static async Task AddPartsAsync(RawRequests requests, S3Target target, long bytes, CancellationToken cancellationToken)
    {
        // Never completed: it goes with the bucket.
        using var client = target.NewClient();
        var key = KeyOf("large");
        var upload = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = target.Bucket, Key = key }, cancellationToken);
        for (long offset = 0; offset < bytes; offset += PartBytes)
            requests.AddPart(key, upload.UploadId, (int)(offset / PartBytes) + 1, Math.Min(PartBytes, bytes - offset));
    }
}
