namespace Sluice.TestKit;

/// <summary>One entry of a test tree, as it is to be made.</summary>
public sealed record TreeEntry
{
    /// <summary>What it is.</summary>
    public required TreeEntryKind Kind { get; init; }

    /// <summary>Where, relative to the tree's root.</summary>
    public required TreePath Path { get; init; }

    /// <summary>File: length in bytes, holes included.</summary>
    public long Size { get; init; }

    /// <summary>File: seed of its content (<see cref="TestContent"/>), unless <see cref="Literal"/> is set.</summary>
    public ulong Seed { get; init; }

    /// <summary>File: its content, when it is given and not made from <see cref="Seed"/>.</summary>
    public ReadOnlyMemory<byte>? Literal { get; init; }

    /// <summary>File: the stretches that hold data, the rest being holes; null when it has no holes.</summary>
    public IReadOnlyList<TreeExtent>? Extents { get; init; }

    /// <summary>Symlink: what it holds. Hard link: path of the file, relative to the tree's root.</summary>
    public TreePath Target { get; init; }

    /// <summary>Permission bits, with set-id and sticky; null leaves 0755 for directories, 0644 for the rest. Not for links.</summary>
    public int? Mode { get; init; }

    /// <summary>Owner; null leaves the process's. Another one needs root.</summary>
    public uint? Uid { get; init; }

    /// <summary>Group; null leaves the process's. Another one needs root.</summary>
    public uint? Gid { get; init; }

    /// <summary>Time of last modification in nanoseconds since 1970 UTC; null leaves the time of making.</summary>
    public long? ModifiedNs { get; init; }

    /// <summary>What a reader of this file gets. Only for <see cref="TreeEntryKind.File"/>.</summary>
    public byte[] Content()
    {
        if (Kind != TreeEntryKind.File)
            throw new InvalidOperationException($"{Path} is a {Kind} and has no content.");
        if (Literal is { } literal)
            return literal.ToArray();
        var content = new byte[Size];
        foreach (var extent in Extents ?? [new TreeExtent(0, Size)])
            TestContent.Fill(Seed, extent.Offset, content.AsSpan((int)extent.Offset, (int)extent.Length));
        return content;
    }
}
