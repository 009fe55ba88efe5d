using System.Net;
using System.Text;
using Sluice.Protocol.SigV4;

namespace Sluice.UnitTests.Protocol.Client;

/// <summary>Answers requests from a script and keeps them.</summary>
internal sealed class ScriptedHandler(params (HttpStatusCode Status, string Body)[] answers) : HttpMessageHandler
{
    private readonly Queue<(HttpStatusCode Status, string Body)> _answers = new(answers);

    public List<SignedRequest> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var headers = request.Headers.Concat(request.Content!.Headers).SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value)));
        Requests.Add(new SignedRequest
        {
            Method = request.Method.Method,
            Path = request.RequestUri!.AbsolutePath,
            Query = request.RequestUri.Query.TrimStart('?'),
            Headers = [.. headers],
            Body = await request.Content.ReadAsByteArrayAsync(cancellationToken),
        });
        var (status, body) = _answers.Dequeue();
        var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        response.Headers.TryAddWithoutValidation("x-amzn-RequestId", "id-1");
        return response;
    }
}
