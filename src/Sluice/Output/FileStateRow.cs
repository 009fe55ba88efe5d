using System.Globalization;
using System.Text.Json.Serialization;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;

namespace Sluice.CommandLine.Output;

/// <summary>One line of <c>sluice file state --json</c>.</summary>
/// <param name="Path">The path as given.</param>
/// <param name="States">Lustre's flags.</param>
/// <param name="Words">The flags' names.</param>
/// <param name="ArchivedBytes">Content bytes of the archived copy.</param>
/// <param name="ArchivedChecksum">CRC-64/NVME of the archived copy, hex; null where it is not known, as of a file that was imported and not yet read.</param>
/// <param name="Object">Of a file without its data: the object that has it, as <c>s3://bucket/key</c>.</param>
internal sealed record FileStateRow(
    string Path, int States, IReadOnlyList<string> Words, long? ArchivedBytes, string? ArchivedChecksum, string? Object)
{
    // In the order of lfs-hsm(1).
    private static readonly HsmStates[] Order =
    [
        HsmStates.Released, HsmStates.Exists, HsmStates.Dirty, HsmStates.Archived, HsmStates.NoRelease, HsmStates.NoArchive, HsmStates.Lost,
    ];

    /// <summary>The row of a path.</summary>
    public static FileStateRow Of(string path, FileState state) => new(
        path,
        (int)state.States,
        [.. Order.Where(flag => state.States.HasFlag(flag)).Select(flag => flag.ToString().ToLowerInvariant())],
        state.Record?.SizeBytes,
        state.Record is { Checksum: not 0 } record ? record.Checksum.ToString("x16", CultureInfo.InvariantCulture) : null,
        state is { Object: { } address } && state.States.HasFlag(HsmStates.Released) ? $"s3://{address.Bucket}/{address.Key}" : null);
}

/// <summary>JSON of <see cref="FileStateRow"/>.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<FileStateRow>))]
internal sealed partial class FileStateJson : JsonSerializerContext;
