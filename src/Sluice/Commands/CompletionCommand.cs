using System.CommandLine;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice completion bash|zsh</c>: a script that asks the program itself what may follow.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _sluice() {
            local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}"
            COMPREPLY=($(compgen -W "$(sluice "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _sluice sluice
        """;

    private const string Zsh =
        """
        #compdef sluice
        _sluice() {
            local line="$BUFFER"
            local -a words_found=("${(@f)$(sluice "[suggest:$CURSOR]" "$line" 2>/dev/null)}")
            compadd -a words_found || _files
        }
        compdef _sluice sluice
        """;

    public static Command Make(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Print a completion script.\n\nExample: source <(sluice completion bash)") { shell };
        command.SetAction(parsed => context.Out.WriteLine(parsed.GetRequiredValue(shell) == "zsh" ? Zsh : Bash));
        return command;
    }
}
