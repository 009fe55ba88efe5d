using Sluice.CommandLine;
using Sluice.CommandLine.Commands;
using Sluice.CommandLine.Crashing;

// Movers read files with blocking calls on pool threads: without these the pool would grow by one a second.
ThreadPool.GetMinThreads(out _, out var completionThreads);
ThreadPool.SetMinThreads(Math.Max(32, Environment.ProcessorCount * 8), completionThreads);
var context = new CommandContext();
CrashPlan.Adopt(context);
return await Root.RunAsync(args, context);
