namespace Sluice.CommandLine.Completion;

/// <summary>Scripts that make a shell ask the program itself what may follow.</summary>
internal static class CompletionScripts
{
    // mapfile, not compgen -W: the latter would expand what it is given.
    public const string Bash =
        """
        # bash completion for sluice: source <(sluice completion bash)
        _sluice() {
            local program="${COMP_WORDS[0]/#\~/$HOME}"
            mapfile -t COMPREPLY < <("$program" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -o default -F _sluice sluice
        """;

    public const string Zsh =
        """
        #compdef sluice
        # zsh completion for sluice: source <(sluice completion zsh)
        _sluice() {
            local -a candidates=("${(@f)$("${words[1]/#\~/$HOME}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            candidates=("${(@)candidates:#}")
            if (( ${#candidates} )); then compadd -a candidates; else _files; fi
        }
        compdef _sluice sluice
        """;

    public const string Fish =
        """
        # fish completion for sluice: sluice completion fish | source
        function __sluice_complete
            set -l words (commandline -opc) (commandline -ct)
            set -l candidates ($words[1] __complete $words[2..-1] 2>/dev/null)
            if test (count $candidates) -gt 0
                string join \n -- $candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c sluice -f -a '(__sluice_complete)'
        """;
}
