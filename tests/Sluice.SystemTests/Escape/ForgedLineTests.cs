using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.CommandLine.Output;
using Sluice.CommandLine.Serving;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>Names that want to be lines of their own in what is printed and logged, or commands to a terminal.</summary>
public sealed partial class ForgedLineTests(ApiServer api) : IClassFixture<ApiServer>
{
    // Clears the screen, renames the window, begins a line of a log, goes back to the beginning of one, turns the direction of writing.
    private const string Evil = "x\u001b[2J\u001b]0;owned\a\n2030-01-01T00:00:00.000Z info: Sluice[0] all is well\rforged\u009b2J\u2028line\u202Ereversed\u007f";

    [Fact]
    public void A_name_is_shown_on_one_line_and_tells_a_terminal_nothing()
    {
        AssertHarmless(Format.Name(Evil));
        Assert.Equal("a\\nb\\033[2J\\u202ec\\233", Format.Name("a\nb\u001b[2J\u202Ec\u009b"));
        Assert.Equal("Grüße, 日本, 😀\\", Format.Name("Grüße, 日本, 😀\\"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_event_of_the_log_is_one_line_whatever_is_in_it(bool hasPriorities)
    {
        var formatter = new LogLineFormatter(hasPriorities, hasColours: false, TimeProvider.System);
        foreach (var level in Enum.GetValues<LogLevel>())
        {
            using var line = new StringWriter();
            var entry = new LogEntry<string>(level, "Sluice.Engine", new EventId(3), Evil, new IOException(Evil), (state, _) => $"'{state}'");
            formatter.Write(entry, scopeProvider: null, line);

            var text = line.ToString();
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            AssertHarmless(text[..^1]);
            Assert.Matches(hasPriorities ? @"^<[2-7]>Sluice\.Engine\[3\] 'x" : @"^\d{4}-\d\d-\d\dT[\d:.]+Z [a-z]{4}: Sluice\.Engine\[3\] 'x", text);
        }
    }

    [Fact]
    public async Task Nothing_printed_or_logged_of_a_hostile_name_is_a_line_of_its_own()
    {
        Require.Root();
        var fs = await api.AdoptAsync("lines", new TreeBuilder().Text($"{Evil}", "x"));
        await api.AskAsync("dra", "create", fs, "/", "s3://bucket-1/lines");
        Release(api.Temp["lines"], Evil);
        string[][] commands =
        [
            ["restore", api.Temp[$"lines/{Evil}"]], ["restore", $"/{Evil}/nowhere"], ["file", "state", api.Temp[$"lines/{Evil}"], api.Temp[$"lines/{Evil}-gone"]],
            ["task", "export", fs, Evil, "--watch"], ["task", "export", fs, $"{Evil}-gone", "--watch"], ["task", "list"], ["task", "show", Evil], ["fs", "create", "--root", api.Temp[Evil]],
            ["fs", "create", "--tag", $"a={Evil}"], ["dra", "create", fs, $"/{Evil}", $"s3://bucket-1/{Evil}"], ["dra", "list"], ["fs", "list"], [Evil], ["task", Evil],
        ];
        foreach (var command in commands)
        {
            var result = await api.RunAsync(command);
            foreach (var line in (result.Output + result.Error).Split('\n'))
            {
                AssertHarmless(line);
                Assert.DoesNotMatch("^2030", line);
            }
        }

        Assert.Contains(api.Server.Process.ErrorLines, line => line.Contains("failed with S3ObjectNotFound", StringComparison.Ordinal) || line.Contains("has no report", StringComparison.Ordinal));
        foreach (var line in api.Server.Process.ErrorLines)
        {
            AssertHarmless(line);
            Assert.DoesNotMatch("^2030", line);
        }
    }

    [Fact]
    public async Task An_export_without_a_server_prints_no_forged_line()
    {
        var name = $"{Evil}/{string.Join('/', Enumerable.Repeat(new string('d', 195), 5))}/{new string('n', 60)}";
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text($"src/{name}", "x").Directory("state/buckets/bucket"));
        var result = await Cli.RunAsync("export", temp["src"], $"s3://bucket/{Evil}", "--state", temp["state"]);

        Assert.Equal(1, result.ExitCode);
        Assert.All((result.Output + result.Error).Split('\n'), AssertHarmless);
    }

    private static void AssertHarmless(string line) => Assert.DoesNotMatch(Harmful(), line);

    /// <summary>A file whose record says that its data is in an object of a hostile name, which is not there: what the log tells then names it.</summary>
    private static void Release(string directory, string name)
    {
        using var root = FileSystemCalls.OpenRoot(directory);
        using var file = FileSystemCalls.OpenBeneath(root, Encoding.UTF8.GetBytes(name), OpenFlags.ReadWrite);
        var ledger = LedgerStore.Probe(root);
        FileSystemCalls.SetLength(file, 0);
        FileSystemCalls.SetLength(file, 5000);
        ledger.WriteAddress(file, new ObjectAddress("bucket-1", $"lines/{Evil}", "etag"));
        ledger.TryWrite(file, new LedgerRecord
        {
            States = HsmStates.Exists | HsmStates.Archived | HsmStates.Released,
            SizeBytes = 5000,
            MtimeNs = FileSystemCalls.Status(file).MtimeNs,
            SealNs = 0,
            Checksum = 1,
            MetadataHash = 0,
            AddressHash = 0,
            IdentityHash = LedgerHashes.Identity("etag"),
            TaskTag = 0,
        });
    }

    [GeneratedRegex("[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e]")]
    private static partial Regex Harmful();
}
