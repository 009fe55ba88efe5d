using Sluice.Engine.Runs;
using Sluice.Repositories;

namespace Sluice.Engine.Scanning;

/// <summary>One object that is to be imported, or may have to be.</summary>
internal sealed class ImportEntry : IWorkEntry
{
    /// <summary>Path relative to the file system's root.</summary>
    public required byte[] Path { get; init; }

    /// <summary>Its association.</summary>
    public required LinkedDirectory Link { get; init; }

    /// <summary>The object as the listing showed it.</summary>
    public required ListedObject Object { get; init; }

    /// <summary>Whether it becomes a directory.</summary>
    public required bool IsDirectory { get; init; }

    /// <summary>The directory that holds it; for a directory, itself. Null when the key is no path. Referred to until the entry is settled.</summary>
    public ImportDirectory? Directory { get; init; }

    /// <summary>Why the key is no path; null when it is one.</summary>
    public string? Refusal { get; init; }

    /// <inheritdoc/>
    public required bool IsCounted { get; set; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReportPath => Path;

    /// <inheritdoc/>
    public long SizeBytes => IsDirectory ? 0 : Object.SizeBytes;

    /// <summary>Its name in <see cref="Directory"/>.</summary>
    public ReadOnlySpan<byte> Name => Path.AsSpan(Path.AsSpan().LastIndexOf((byte)'/') + 1);
}
