using System.CommandLine;
using System.Globalization;
using Sluice.CommandLine.Commands;
using Sluice.Protocol.Client;
using Sluice.Protocol.SigV4;
using Sluice.Server.Security;

namespace Sluice.CommandLine.Client;

/// <summary>How a command finds its server: an ordinary SigV4 client of the API. Keys: the data directory's credentials file, else
/// <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c>. Address: <c>--endpoint</c>, <c>AWS_ENDPOINT_URL_FSX</c>, else what the server wrote
/// into its data directory.</summary>
internal sealed class ServerOptionsGroup(CommandContext context)
{
    /// <summary>File in the data directory with the URL of the running server.</summary>
    public const string EndpointFile = "endpoint";

    private const string BytesHeader = "x-sluice-task-bytes";

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "URL of the server. Default: AWS_ENDPOINT_URL_FSX, else the one that runs on --data.", HelpName = "URL",
    };

    private readonly Option<string?> _data = Options.Data();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_endpoint);
        command.Options.Add(_data);
    }

    /// <summary>A client for the server that the command line names.</summary>
    public ServerClient Connect(ParseResult parsed)
    {
        var data = parsed.GetValue(_data) ?? context.DefaultData;
        var url = parsed.GetValue(_endpoint) ?? context.Variable("AWS_ENDPOINT_URL_FSX") ?? ReadEndpoint(data);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new UsageException($"The endpoint '{url}' is not a URL; expected http://HOST:PORT.");
        var watch = new BytesWatch { InnerHandler = new SocketsHttpHandler { UseProxy = false } };
        var http = new HttpClient(watch) { Timeout = TimeSpan.FromMinutes(2) };
        var region = context.Variable("AWS_REGION") ?? context.Variable("AWS_DEFAULT_REGION") ?? "us-east-1";
        var signer = new SigV4Signer(Keys(data), region, "fsx", context.Time);
        return new ServerClient(http, new FsxClient(http, endpoint, signer, context.Time), watch);
    }

    private SigningCredentials Keys(string data)
    {
        var file = CredentialsFile.PathIn(data);
        if (File.Exists(file))
        {
            var principal = CredentialsFile.Load(file);
            return new SigningCredentials { AccessKeyId = principal.AccessKeyId, SecretAccessKey = principal.SecretAccessKey };
        }

        return context.Variable("AWS_ACCESS_KEY_ID") is { } id && context.Variable("AWS_SECRET_ACCESS_KEY") is { } secret
            ? new SigningCredentials { AccessKeyId = id, SecretAccessKey = secret, SessionToken = context.Variable("AWS_SESSION_TOKEN") }
            : throw new UsageException($"There are no keys: neither '{file}' nor AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Name the server's data directory with --data.");
    }

    private static string ReadEndpoint(string data)
    {
        var file = Path.Combine(data, EndpointFile);
        return File.Exists(file)
            ? File.ReadAllText(file).Trim()
            : throw new UsageException($"No server was started on '{data}'. Start it with 'sluice serve', or name it with --endpoint or --data.");
    }

    /// <summary>Remembers the bytes a describe answered beside the model's members.</summary>
    internal sealed class BytesWatch : DelegatingHandler
    {
        public long? Done { get; private set; }

        public long? Total { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.TryGetValues(BytesHeader, out var values) && values.First().Split('/') is [var done, var total])
            {
                Done = long.Parse(done, CultureInfo.InvariantCulture);
                Total = long.Parse(total, CultureInfo.InvariantCulture);
            }

            return response;
        }
    }
}
