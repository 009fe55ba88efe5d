using System.Text;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>
/// Looks up the objects of many files by listing the keys among which theirs are: a thousand for the price of a few HEADs. What it does not find that way,
/// because too much lies in between, the object is gone, or the listing fails, is left to a HEAD.
/// </summary>
internal static class ListedObjects
{
    // Fewer are not worth a listing.
    private const int LeastEntries = 16;

    // Keys that may lie in between, for each that is looked for.
    private const int KeysPerEntry = 4;
    private const int PageKeys = 1000;

    private static readonly Comparer<byte[]> ByteOrder = Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    /// <summary>Tells the entries of a batch what their objects are.</summary>
    public static async Task LookUpAsync(List<ScanEntry> batch, CancellationToken cancellationToken)
    {
        foreach (var group in batch.Where(entry => entry.Kind == FileKind.Regular && entry.Linked?.Repository.IsRemote == true).GroupBy(entry => entry.Link))
        {
            var entries = new SortedList<byte[], ScanEntry>(ByteOrder);
            foreach (var entry in group)
            {
                if (group.Key.Mapping.TryGetKey(entry.Path, isDirectory: false, out var key) is null) entries.TryAdd(Encoding.UTF8.GetBytes(key), entry);
            }

            if (entries.Count >= LeastEntries) await LookUpAsync(group.Key.Repository, entries, cancellationToken);
        }
    }

    private static async Task LookUpAsync(IObjectRepository repository, SortedList<byte[], ScanEntry> entries, CancellationToken cancellationToken)
    {
        var (first, last) = (entries.GetKeyAtIndex(0), entries.GetKeyAtIndex(entries.Count - 1));
        var budget = (entries.Count * KeysPerEntry) + PageKeys;
        var next = 0;
        try
        {
            await foreach (var item in repository.ListAsync(Common(first, last), Before(first), cancellationToken))
            {
                var key = Encoding.UTF8.GetBytes(item.Key);
                while (next < entries.Count && ByteOrder.Compare(entries.GetKeyAtIndex(next), key) < 0) next++;
                if (next == entries.Count) return;
                if (entries.GetKeyAtIndex(next).AsSpan().SequenceEqual(key)) entries.GetValueAtIndex(next++).Found(item);
                if (next == entries.Count || --budget == 0) return;
            }
        }
        catch (RepositoryException)
        {
            // A HEAD of each tells what is wrong.
        }
    }

    /// <summary>What both keys begin with.</summary>
    private static string Common(byte[] first, byte[] last) => Whole(first.AsSpan(0, first.AsSpan().CommonPrefixLength(last)));

    /// <summary>A beginning of the key, which is less than it and, but for others with that beginning, close to it; null where there is none.</summary>
    private static string? Before(byte[] key) => Whole(key.AsSpan(0, key.Length - 1)) is { Length: > 0 } before ? before : null;

    /// <summary>The bytes as text, without a character of which the rest was cut off.</summary>
    private static string Whole(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > 0 && Rune.DecodeLastFromUtf8(bytes[..end], out _, out _) != System.Buffers.OperationStatus.Done) end--;
        return Encoding.UTF8.GetString(bytes[..end]);
    }
}
