using System.CommandLine;
using Sluice.CommandLine;
using Sluice.CommandLine.Commands;
using Sluice.CommandLine.Help;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>Help, and what is said of command lines that are wrong.</summary>
public sealed class HelpTests
{
    private static RootCommand Tree { get; } = Root.Make(new CommandContext());

    [Fact]
    public void Every_command_has_examples_that_parse()
    {
        foreach (var command in All(Tree))
        {
            var documented = Assert.IsAssignableFrom<DocumentedCommand>(command);
            Assert.True(documented.Examples.Count > 0, $"{command.Name} has no example");
            foreach (var example in documented.Examples) AssertParses(example);
        }

        foreach (var example in ProgramText.Examples) AssertParses(example);
    }

    [Fact]
    public void Every_argument_and_option_is_described()
    {
        foreach (var command in All(Tree))
        {
            foreach (var symbol in command.Arguments.Cast<Symbol>().Concat(command.Options))
                Assert.True(symbol.Description is { Length: > 5 }, $"{command.Name} {symbol.Name} is not described");
            foreach (var option in command.Options.Where(option => option.Arity.MinimumNumberOfValues > 0))
                Assert.True(option.HelpName is { Length: > 0 }, $"the value of {command.Name} {option.Name} has no name");
        }
    }

    [Fact]
    public void Commands_that_print_answers_have_json()
    {
        string[] others = ["serve", "demo", "completion", "help", "mount", "umount", "hydrate", "hold"];
        foreach (var command in All(Tree).Where(command => command.Subcommands.Count == 0 && !others.Contains(command.Name)))
            Assert.Contains(command.Options, option => option.Name == "--json");
    }

    [Theory]
    [InlineData]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task The_program_alone_tells_commands_examples_and_exit_codes(params string[] arguments)
    {
        var result = await Cli.RunAsync(arguments);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("  task  ", result.Output, StringComparison.Ordinal);
        Assert.Contains("sluice demo  ", result.Output, StringComparison.Ordinal);
        Assert.Contains(ExitCodes.Help, result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Help_of_a_command_is_the_same_both_ways()
    {
        var result = await Cli.RunAsync("help", "task", "watch");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(" task watch <TASK-ID>", result.Output, StringComparison.Ordinal);
        Assert.Contains("Ctrl-C only stops watching", result.Output, StringComparison.Ordinal);
        Assert.Equal((await Cli.RunAsync("task", "watch", "--help")).Output, result.Output);
    }

    [Fact]
    public async Task Lists_show_a_line_for_each_command()
    {
        var result = await Cli.RunAsync("--help");

        Assert.DoesNotContain("Ctrl-C cancels", result.Output, StringComparison.Ordinal);
        Assert.Contains("Ctrl-C cancels", (await Cli.RunAsync("export", "--help")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'tsk' is not a command of 'sluice'. Did you mean 'task'?", "tsk", "list")]
    [InlineData("'lsit' is not a command of 'sluice fs'. Did you mean 'list'?", "fs", "lsit")]
    [InlineData("'xyzzy' is not a command of 'sluice fs'. There are create, list, show, delete.", "fs", "xyzzy")]
    [InlineData("'--jsno' is not an option of 'sluice fs list'. Did you mean '--json'?", "fs", "list", "--jsno")]
    [InlineData("'sluice task' needs a command: export, import, release, restore, list, show, watch, cancel.", "task")]
    [InlineData("There is no command 'nope'", "help", "nope")]
    [InlineData("'TASK-ID' missing", "task", "cancel")]
    [InlineData("The tag 'x' is not valid; expected KEY=VALUE.", "fs", "create", "--endpoint", "http://127.0.0.1:9", "--profile", "p", "--tag", "x")]
    public async Task A_wrong_command_line_is_explained(string message, params string[] arguments)
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["keys"], "[p]\naws_access_key_id = a\naws_secret_access_key = b\n", TestContext.Current.CancellationToken);
        var result = await Cli.RunAsync(new Dictionary<string, string?> { ["AWS_SHARED_CREDENTIALS_FILE"] = temp["keys"] }, arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        var result = await Cli.RunProgramAsync(Cli.Bare, TestContext.Current.CancellationToken, "--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches("""^\d+\.\d+\.\d+""", result.Output);
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(child => All(child).Prepend(child));

    private static void AssertParses(string example)
    {
        var commandLine = example.Split("sluice ", 2)[1].Split([" #", " | ", " > ", ")"], StringSplitOptions.None)[0];
        var parsed = Tree.Parse(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries), Root.Parsing);
        Assert.True(parsed.Errors.Count == 0, $"'{example}' does not parse: {string.Join(' ', parsed.Errors.Select(error => error.Message))}");
    }
}
