using System.CommandLine;
using Sluice.Scenarios;
using Sluice.Scenarios.Contenders;
using Sluice.TestKit;

var files = new Option<int>("--files") { Description = "Files of the scenarios with small files.", DefaultValueFactory = _ => 100_000 };
var gib = new Option<double>("--gib") { Description = "Size of the large file in GiB.", DefaultValueFactory = _ => 8 };
var objects = new Option<int>("--objects") { Description = "Entries of the scenarios with many of them.", DefaultValueFactory = _ => 1_000_000 };
var growTo = new Option<int>("--grow-to") { Description = "Files that the growing tree ends with.", DefaultValueFactory = _ => 1_000_000 };
var rounds = new Option<int>("--rounds") { Description = "Rounds; contenders take turns within each.", DefaultValueFactory = _ => 1 };
var only = new Option<string[]>("--only") { Description = "Scenarios to run; default: all.", AllowMultipleArgumentsPerToken = true };
var peers = new Option<string[]>("--peers")
{
    Description = "Peers to run beside Sluice, by the first word of their names; default: all that are installed.", AllowMultipleArgumentsPerToken = true,
};
var output = new Option<string>("--output") { Description = "Directory for the results.", DefaultValueFactory = _ => SourceTree.Path("bench/results") };
var program = new Option<string>("--program") { Description = "The sluice to measure.", DefaultValueFactory = _ => SourceTree.Path("bin/sluice") };
var miniature = new Option<bool>("--miniature")
{
    Description = "Everything tiny, one round, on the S3 server of the tests: proves that all of it runs. The sizes and --rounds are not heeded.",
};
var list = new Option<bool>("--list") { Description = "Names each scenario and the results it writes, and runs nothing." };
only.Validators.Add(result =>
{
    foreach (var name in result.Tokens.Select(token => token.Value).Where(name => ScenarioList.All.All(scenario => scenario.Name != name)))
        result.AddError($"There is no scenario '{name}', only {string.Join(", ", ScenarioList.All.Select(scenario => scenario.Name))}.");
});
var root = new RootCommand("Runs the whole program beside its peers and writes what they cost to Markdown files.")
{
    files, gib, objects, growTo, rounds, only, peers, output, program, miniature, list,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    if (parsed.GetValue(list))
    {
        foreach (var scenario in ScenarioList.All) Console.WriteLine($"{scenario.Name}: {string.Join(' ', scenario.Results)}");
        return 0;
    }

    Require.Root();
    await using var state = TempDirectory.Create();
    var contenders = Contender.Here(parsed.GetValue(program)!, state.Path);
    var isMiniature = parsed.GetValue(miniature);
    var context = new ScenarioContext
    {
        Program = parsed.GetValue(program)!,
        Output = parsed.GetValue(output)!,
        Rounds = isMiniature ? 1 : parsed.GetValue(rounds),
        IsMiniature = isMiniature,
        Sizes = isMiniature ? ScenarioSizes.Miniature : new ScenarioSizes
        {
            Files = parsed.GetValue(files),
            MediumFiles = 10_000,
            MixedFiles = 20_000,
            LargeBytes = (long)(parsed.GetValue(gib) * (1L << 30)),
            Objects = parsed.GetValue(objects),
            GrowTo = parsed.GetValue(growTo),
        },
        Contenders = parsed.GetValue(peers) is { Length: > 0 } names
            ? [.. contenders.Where((contender, index) => index == 0 || names.Contains(contender.Name.Split(' ')[0]))]
            : contenders,
    };
    return await new ScenarioRunner(context).RunAsync(parsed.GetValue(only) is { Length: > 0 } some ? some : null, cancellationToken) ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
