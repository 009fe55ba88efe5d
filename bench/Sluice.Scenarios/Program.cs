using System.CommandLine;
using Sluice.Scenarios;
using Sluice.Scenarios.Access;
using Sluice.Scenarios.Api;
using Sluice.Scenarios.Cache;
using Sluice.Scenarios.Cancel;
using Sluice.Scenarios.Startup;
using Sluice.TestKit;

var files = new Option<int>("--files") { Description = "Files of the scenario with small files.", DefaultValueFactory = _ => 200_000 };
var gib = new Option<double>("--gib") { Description = "Size of the large file in GiB.", DefaultValueFactory = _ => 8 };
var objects = new Option<int>("--objects") { Description = "Objects of the scenario import-many.", DefaultValueFactory = _ => 1_000_000 };
var requests = new Option<int>("--requests") { Description = "Requests of each kind in the scenario api.", DefaultValueFactory = _ => 2000 };
var rounds = new Option<int>("--rounds") { Description = "Rounds; contenders take turns within each.", DefaultValueFactory = _ => 1 };
var only = new Option<string[]>("--only") { Description = "Scenarios to run; default: all." };
var peers = new Option<string[]>("--peers") { Description = "Peers to run beside Sluice, by the first word of their names; default: all that are installed." };
var output = new Option<string>("--output") { Description = "Directory for the results.", DefaultValueFactory = _ => SourceTree.Path("bench/results") };
var program = new Option<string>("--program") { Description = "The sluice to measure.", DefaultValueFactory = _ => SourceTree.Path("bin/sluice") };
var root = new RootCommand("Runs the whole program beside its peers and writes what they cost to Markdown files.") { files, gib, objects, requests, rounds, only, peers, output, program };
root.SetAction(async (parsed, cancellationToken) =>
{
    Require.Root();
    var contenders = Contender.Here(parsed.GetValue(program)!);
    var wanted = parsed.GetValue(peers) is { Length: > 0 } names
        ? [.. contenders.Where((contender, index) => index == 0 || names.Contains(contender.Name.Split(' ')[0]))]
        : contenders;
    ExportScenario[] scenarios =
    [
        new("export-small-files", parsed.GetValue(files), 4096),
        new("export-large-file", 1, (long)(parsed.GetValue(gib) * (1L << 30))),
    ];
    bool IsWanted(string name) => parsed.GetValue(only) is not { Length: > 0 } some || some.Contains(name);
    foreach (var scenario in scenarios.Where(scenario => IsWanted(scenario.Name)))
    {
        await using var directory = TempDirectory.Create();
        scenario.MakeTree(directory.Path);
        var results = wanted.Select(contender => (contender, Runs: new List<Measurement>())).ToList();
        for (var round = 0; round < parsed.GetValue(rounds); round++)
        {
            foreach (var (contender, runs) in results)
            {
                await using var rig = await RgwRig.StartAsync(scenario.StoreBytes, "bench", cancellationToken);
                runs.Add(await MeasuredProcess.RunAsync(contender.Copy(directory.Path, "bench", rig), cancellationToken));
                Console.Error.WriteLine($"{scenario.Name}: {contender.Name}: {runs[^1]}");
            }
        }

        Console.WriteLine(ResultFile.Write(parsed.GetValue(output)!, scenario, results, TimeProvider.System.GetUtcNow()));
    }

    // Half the files: each is made, exported, released, restored and imported.
    var cache = new CacheScenarios(parsed.GetValue(program)!, parsed.GetValue(output)!);
    foreach (var name in CacheScenarios.Names.Where(IsWanted))
    {
        await cache.RunAsync(
            name, parsed.GetValue(files) / 2, (long)(parsed.GetValue(gib) / 4 * (1L << 30)), parsed.GetValue(objects), cancellationToken);
    }

    var (sluice, results2) = (parsed.GetValue(program)!, parsed.GetValue(output)!);
    var n = parsed.GetValue(requests);
    if (IsWanted(CancelScenario.Name)) await new CancelScenario(sluice, results2, parsed.GetValue(objects), n / 50).RunAsync(cancellationToken);
    if (IsWanted(ApiScenario.Name)) await new ApiScenario(sluice, results2, n, parsed.GetValue(rounds)).RunAsync(cancellationToken);
    if (IsWanted(FirstByteScenario.Name))
        await new FirstByteScenario(sluice, results2, n, (long)(parsed.GetValue(gib) / 8 * (1L << 30)), 5).RunAsync(cancellationToken);
    if (IsWanted(StartupScenario.Name)) await new StartupScenario(sluice, results2, 20, TimeSpan.FromSeconds(10)).RunAsync(cancellationToken);
});
return await root.Parse(args).InvokeAsync();
