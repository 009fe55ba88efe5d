using System.CommandLine;
using Sluice.CommandLine.Client;
using Sluice.CommandLine.Help;

namespace Sluice.CommandLine.Commands;

/// <summary>A command that is a call of the API: knows how to find the server, and <c>--json</c>.</summary>
internal sealed class ApiCommand : DocumentedCommand
{
    /// <summary>Makes one; <paramref name="symbols"/> are its arguments and options in order.</summary>
    public ApiCommand(CommandContext context, string name, string summary, IReadOnlyList<string> examples, IReadOnlyList<Symbol> symbols, ApiAction action)
        : base(name, summary, examples)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) Arguments.Add(argument);
            else Options.Add((Option)symbol);
        }

        var json = SharedOptions.Json();
        Options.Add(json);
        Server = new ServerOptionsGroup(context);
        Server.AddTo(this);
        SetAction(async (parsed, token) =>
        {
            using var server = Server.Connect(parsed);
            return await action(parsed, server, parsed.GetValue(json), token);
        });
    }

    /// <summary>Calls the API and prints the answer.</summary>
    /// <returns>The exit code.</returns>
    public delegate Task<int> ApiAction(ParseResult parsed, ServerClient server, bool json, CancellationToken cancellationToken);

    /// <summary>How it finds its server.</summary>
    public ServerOptionsGroup Server { get; }
}
