using System.CommandLine;
using Sluice.CommandLine.Completion;
using Sluice.CommandLine.Help;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice completion bash|zsh|fish</c>.</summary>
internal static class CompletionCommand
{
    public static Command Make(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new DocumentedCommand(
            "completion", "Print a completion script for a shell.",
            ["source <(sluice completion bash)", "sluice completion bash > /etc/bash_completion.d/sluice", "sluice completion fish | source"])
        {
            shell,
        };
        command.SetAction(parsed => context.Out.WriteLine(parsed.GetRequiredValue(shell) switch
        {
            "zsh" => CompletionScripts.Zsh,
            "fish" => CompletionScripts.Fish,
            _ => CompletionScripts.Bash,
        }));
        return command;
    }
}
