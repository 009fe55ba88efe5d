using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Sluice.CommandLine.Output;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice file state</c>.</summary>
internal static class FileCommands
{
    public static Command Make(CommandContext context) => new("file", "What the ledger on a file says.") { State(context) };

    private static Command State(CommandContext context)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, directories or symlinks.", Arity = ArgumentArity.OneOrMore };
        var json = Options.Json();
        var command = new Command(
            "state",
            "Show what the ledger says, in the manner of 'lfs hsm_state'. Needs CAP_SYS_ADMIN to see records that a privileged server wrote.\n\n"
            + "Example: sluice file state /scratch/project/*")
        {
            paths, json,
        };
        command.SetAction((parsed, _) => Task.FromResult(Show(context, parsed.GetRequiredValue(paths), parsed.GetValue(json))));
        return command;
    }

    private static int Show(CommandContext context, string[] paths, bool json)
    {
        var failed = false;
        var rows = new List<FileStateRow>();
        foreach (var path in paths)
        {
            try
            {
                var state = FileState.Inspect(path);
                rows.Add(new FileStateRow(path, (int)state.States, Words(state.States), state.Record?.SizeBytes, Checksum(state.Record)));
                if (!json) context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: (0x{(int)state.States:x8}) {string.Join(' ', Words(state.States))}").TrimEnd());
            }
            catch (PosixException e)
            {
                failed = true;
                context.Error.WriteLine($"sluice: {path}: {e.Message}");
            }
        }

        if (json) Printer.Json(context, rows, FileStateJson.Default.ListFileStateRow);
        return failed ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static IReadOnlyList<string> Words(HsmStates states) =>
        [.. new[] { HsmStates.Released, HsmStates.Exists, HsmStates.Dirty, HsmStates.Archived, HsmStates.NoRelease, HsmStates.NoArchive, HsmStates.Lost }
            .Where(state => states.HasFlag(state)).Select(state => state.ToString().ToLowerInvariant())];

    private static string? Checksum(LedgerRecord? record) =>
        record is { } known ? known.Checksum.ToString("x16", CultureInfo.InvariantCulture) : null;
}

/// <summary>One line of <c>sluice file state --json</c>.</summary>
/// <param name="Path">The path as given.</param>
/// <param name="States">Lustre's flags.</param>
/// <param name="Words">The flags' names.</param>
/// <param name="ArchivedBytes">Content bytes of the archived copy.</param>
/// <param name="ArchivedChecksum">CRC-64/NVME of the archived copy, hex.</param>
internal sealed record FileStateRow(string Path, int States, IReadOnlyList<string> Words, long? ArchivedBytes, string? ArchivedChecksum);

/// <summary>JSON of <see cref="FileStateRow"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.Unspecified, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<FileStateRow>))]
internal sealed partial class FileStateJson : JsonSerializerContext;
