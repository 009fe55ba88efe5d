using System.CommandLine;
using BenchmarkDotNet.Running;
using Sluice.Benchmarks;
using Sluice.TestKit;

var miniature = new Option<bool>("--miniature") { Description = "Runs each once, only to see that it works; results go nowhere." };
var only = new Option<string[]>("--only") { Description = "Benchmarks to run, by class; default: all." };
var output = new Option<string>("--output") { Description = "Directory for the results.", DefaultValueFactory = _ => SourceTree.Path("bench/results") };
var root = new RootCommand("Measures single steps and what they allocate, each beside the least it could cost.") { miniature, only, output };
root.SetAction(parsed =>
{
    Type[] all = [typeof(Crc64), typeof(Gate), typeof(Json), typeof(KeyMap), typeof(Ledger), typeof(Signing), typeof(Walk)];
    var wanted = parsed.GetValue(only) is { Length: > 0 } names ? [.. all.Where(type => names.Contains(type.Name, StringComparer.OrdinalIgnoreCase))] : all;
    var isMiniature = parsed.GetValue(miniature);
    var isSound = wanted.Length > 0;
    foreach (var type in wanted)
    {
        var summary = BenchmarkRunner.Run(type, Configuration.Make(isMiniature));
        isSound &= Results.IsSound(summary);
        if (!isMiniature) Results.Write(parsed.GetValue(output)!, type.Name, summary, TimeProvider.System.GetUtcNow());
    }

    return isSound ? 0 : 1;
});
return root.Parse(args).Invoke();
