using System.CommandLine;
using Sluice.CommandLine.Commands;
using Sluice.CommandLine.Serving;

namespace Sluice.CommandLine.Client;

/// <summary>How a command finds its server: an ordinary SigV4 client of the API. Keys: see <see cref="ServerKeys"/>. Address: <c>--endpoint</c>,
/// <c>AWS_ENDPOINT_URL_FSX</c>, else what the server wrote into its data directory.</summary>
internal sealed class ServerOptionsGroup(CommandContext context)
{
    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "URL of the server. Default: AWS_ENDPOINT_URL_FSX, else the one that runs on --data.", HelpName = "URL",
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "Profile in the AWS credentials file. Default: the keys in --data, else those in the environment.", HelpName = "NAME",
    };

    private readonly Option<string?> _data = SharedOptions.Data();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_endpoint);
        command.Options.Add(_profile);
        command.Options.Add(_data);
    }

    /// <summary>A client for the server that the command line names.</summary>
    /// <exception cref="UsageException">It names none, or there are no keys.</exception>
    public ServerClient Connect(ParseResult parsed)
    {
        var data = parsed.GetValue(_data) ?? context.DefaultData;
        var url = parsed.GetValue(_endpoint) ?? context.Variable("AWS_ENDPOINT_URL_FSX") ?? EndpointFile.Read(data);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new UsageException($"The endpoint '{url}' is not a URL; expected http://HOST:PORT.");
        var region = context.Variable("AWS_REGION") ?? context.Variable("AWS_DEFAULT_REGION") ?? "us-east-1";
        return new ServerClient(endpoint, ServerKeys.Find(context, data, parsed.GetValue(_profile)), region, context.Time);
    }
}
