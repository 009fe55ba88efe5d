using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>What the shell is told may follow.</summary>
public sealed class CompletionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("task", "ta")]
    [InlineData("export import release restore list show watch cancel", "task", "")]
    [InlineData("cancel", "task", "c")]
    [InlineData("--state", "task", "list", "--st")]
    [InlineData("PENDING", "task", "list", "--state", "P")]
    [InlineData("bash", "completion", "b")]
    [InlineData("--json", "task", "list", "--state", "PENDING", "--js")]
    [InlineData("", "task", "list", "--json", "--js")]
    [InlineData("", "export", "/tm")]
    [InlineData("", "export", "--", "--js")]
    [InlineData("", "nonsense", "")]
    public async Task Commands_options_and_values_are_offered(string expected, params string[] words)
    {
        var result = await Cli.RunAsync(["__complete", .. words]);

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Ids_are_offered_when_a_server_runs()
    {
        await using var server = await SluiceServer.StartAsync(new(), Cancel);
        var variables = new Dictionary<string, string?> { ["SLUICE_DATA"] = server.DataDirectory };
        var id = (await Cli.RunAsync(variables, "fs", "create")).EnsureSuccess().Output.Trim();

        Assert.Equal(id + "\n", (await Cli.RunAsync(variables, "__complete", "fs", "show", "fs-")).Output);
        Assert.Equal(id + "\n", (await Cli.RunAsync(variables, "__complete", "task", "list", "--fs", "")).Output);
        Assert.Equal("", (await Cli.RunAsync(variables, "__complete", "task", "cancel", "")).Output);
        Assert.Equal("", (await Cli.RunAsync("__complete", "fs", "show", "")).Output);
    }

    [Theory]
    [InlineData("task:", "sluice", "ta")]
    [InlineData("cancel:", "sluice", "task", "can")]
    [InlineData("--allow-root:", "sluice", "serve", "--allow")]
    [InlineData("", "sluice", "export", "/etc/host")]
    public async Task Bash_completes_with_the_script(string expected, params string[] words)
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["sluice"], $"#!/bin/sh\nexec dotnet '{Require.File(SourceTree.Program)}' \"$@\"\n", Cancel);
        File.SetUnixFileMode(temp["sluice"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        const string Script =
            """
            source <(sluice completion bash)
            complete -p sluice | grep -q -- '-F _sluice' || exit 9
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            _sluice
            printf '%s:' "${COMPREPLY[@]}"
            """;
        var result = await ProcessRunner.RunAsync(
            new(Require.Tool("bash"))
            {
                Arguments = ["-c", Script, "bash", .. words],
                Environment = new Dictionary<string, string?>(Cli.Bare) { ["PATH"] = $"{temp.Path}:{Environment.GetEnvironmentVariable("PATH")}" },
            },
            Cancel);

        Assert.Equal(expected.Length == 0 ? ":" : expected, result.EnsureSuccess().Output.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("zsh", "compdef _sluice sluice")]
    [InlineData("fish", "complete -c sluice")]
    public async Task Other_shells_have_scripts_too(string shell, string line) =>
        Assert.Contains(line, (await Cli.RunAsync("completion", shell)).EnsureSuccess().Output, StringComparison.Ordinal);
}
