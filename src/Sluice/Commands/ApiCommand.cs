using System.CommandLine;
using Sluice.CommandLine.Client;

namespace Sluice.CommandLine.Commands;

/// <summary>A command that is a call of the API: knows how to find the server, and <c>--json</c>.</summary>
internal static class ApiCommand
{
    public static Command Make(
        CommandContext context,
        string name,
        string description,
        IReadOnlyList<Symbol> symbols,
        Func<ParseResult, ServerClient, bool, CancellationToken, Task<int>> execute)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        var json = Options.Json();
        var serverOptions = new ServerOptionsGroup(context);
        command.Options.Add(json);
        serverOptions.AddTo(command);
        command.SetAction(async (parsed, token) =>
        {
            using var server = serverOptions.Connect(parsed);
            return await execute(parsed, server, parsed.GetValue(json), token);
        });
        return command;
    }
}
