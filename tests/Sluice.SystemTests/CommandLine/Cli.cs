using Sluice.CommandLine;
using Sluice.CommandLine.Commands;
using Sluice.TestKit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>Runs command lines: in this process, where that is enough, or as the real program.</summary>
internal static class Cli
{
    /// <summary>An environment in which the program finds nothing of the machine's user.</summary>
    public static IReadOnlyDictionary<string, string?> Bare { get; } = new Dictionary<string, string?>
    {
        ["SLUICE_DATA"] = "/nonexistent",
        ["XDG_STATE_HOME"] = "/nonexistent",
        ["AWS_ENDPOINT_URL"] = null,
        ["AWS_ENDPOINT_URL_S3"] = null,
        ["AWS_ENDPOINT_URL_FSX"] = null,
        ["AWS_ACCESS_KEY_ID"] = null,
        ["AWS_SECRET_ACCESS_KEY"] = null,
        ["AWS_SESSION_TOKEN"] = null,
        ["AWS_PROFILE"] = null,
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent",
        ["AWS_REGION"] = null,
        ["AWS_DEFAULT_REGION"] = null,
        ["NO_COLOR"] = null,
        ["JOURNAL_STREAM"] = null,
        ["TERM"] = "xterm",
    };

    /// <summary>Runs a command line in this process, without a terminal.</summary>
    public static Task<ProcessResult> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(Bare, arguments);

    /// <summary>The same with variables.</summary>
    public static async Task<ProcessResult> RunAsync(IReadOnlyDictionary<string, string?> variables, params IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CommandContext
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            IsTerminal = false,
            Variable = name => variables.GetValueOrDefault(name),
        };
        var code = await Root.RunAsync(arguments, context);
        return new ProcessResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the real program.</summary>
    public static Task<ProcessRunner> StartAsync(
        IReadOnlyDictionary<string, string?> variables, CancellationToken cancellationToken, params IReadOnlyList<string> arguments) =>
        ProcessRunner.StartAsync(Spec(variables, arguments), cancellationToken);

    /// <summary>Runs the real program to its end.</summary>
    public static Task<ProcessResult> RunProgramAsync(
        IReadOnlyDictionary<string, string?> variables, CancellationToken cancellationToken, params IReadOnlyList<string> arguments) =>
        ProcessRunner.RunAsync(Spec(variables, arguments), cancellationToken);

    /// <summary>The real program on a terminal of its own (script(1)); what is drawn comes as standard output.</summary>
    public static ProcessSpec OnTerminal(IReadOnlyDictionary<string, string?> variables, params IReadOnlyList<string> arguments)
    {
        var line = string.Join(' ', new[] { "dotnet", Require.File(SourceTree.Program) }.Concat(arguments).Select(Quote));
        return new(Require.Tool("script")) { Arguments = ["-q", "-e", "-c", line, "/dev/null"], Environment = Over(variables) };
    }

    /// <summary>The real program, to be run.</summary>
    public static ProcessSpec Spec(IReadOnlyDictionary<string, string?> variables, IReadOnlyList<string> arguments) =>
        new("dotnet") { Arguments = [Require.File(SourceTree.Program), .. arguments], Environment = Over(variables) };

    private static Dictionary<string, string?> Over(IReadOnlyDictionary<string, string?> variables)
    {
        var all = new Dictionary<string, string?>(Bare);
        foreach (var (name, value) in variables) all[name] = value;
        return all;
    }

    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
