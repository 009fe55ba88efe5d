using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Operations;
using Sluice.Protocol.SigV4;

namespace Sluice.Protocol.Client;

/// <summary>
/// A client of the Amazon FSx API: one call is one signed request and its answer. Throttling and server faults are tried
/// again twice, after one and two seconds; every other refusal is the caller's at once, and so is a connection that
/// fails (<see cref="HttpRequestException"/>), because nothing tells whether the request was carried out.
/// </summary>
/// <remarks>
/// A repeated create is safe only with a <c>ClientRequestToken</c> in the input; this client adds none.
/// </remarks>
/// <param name="http">Sends the requests; its owner sets time-outs and disposes it.</param>
/// <param name="endpoint">Where the service is: <c>http://127.0.0.1:7480</c>.</param>
/// <param name="signer">Signs for service <c>fsx</c>.</param>
/// <param name="time">The clock for the pauses.</param>
public sealed class FsxClient(HttpClient http, Uri endpoint, SigV4Signer signer, TimeProvider time)
{
    private const int MaxAttempts = 3;

    private static readonly MediaTypeHeaderValue ContentType = new("application/x-amz-json-1.1");

    /// <summary>Calls an operation.</summary>
    /// <typeparam name="TInput">The request's shape.</typeparam>
    /// <typeparam name="TOutput">The answer's shape.</typeparam>
    /// <param name="operation">One of <see cref="FsxOperations"/> or <see cref="SluiceOperations"/>.</param>
    /// <param name="input">The request; it is not validated here.</param>
    /// <param name="cancellationToken">Gives up waiting; the service may carry the request out nevertheless.</param>
    /// <exception cref="FsxClientException">The service refused, or answered something else.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<TOutput> SendAsync<TInput, TOutput>(
        FsxOperation<TInput, TOutput> operation, TInput input, CancellationToken cancellationToken)
        where TInput : class
        where TOutput : class
    {
        ArgumentNullException.ThrowIfNull(operation);
        var body = operation.WriteInput(input);
        for (var attempt = 1; ; attempt++)
        {
            using var request = NewRequest(operation.Info.Target, body);
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
                return Read(operation, response, answer);
            var fault = FaultReader.Read((int)response.StatusCode, Header(response, WireFault.ErrorTypeHeader), answer);
            if (attempt == MaxAttempts || !IsTransient(fault))
                throw new FsxClientException(fault.Code, fault.Message) { Status = fault.Status, RequestId = RequestId(response) };
            await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken);
        }
    }

    private static TOutput Read<TInput, TOutput>(FsxOperation<TInput, TOutput> operation, HttpResponseMessage response, byte[] answer)
        where TInput : class
        where TOutput : class
    {
        try
        {
            return operation.ReadOutput(answer);
        }
        catch (JsonException e)
        {
            var message = $"The answer to {operation.Info.Name} is not one of Amazon FSx; is something else listening there? {e.Message}";
            throw new FsxClientException("InvalidAnswer", message) { Status = (int)response.StatusCode, RequestId = RequestId(response) };
        }
    }

    private static bool IsTransient(WireFault fault) =>
        fault.Status >= 500 || fault.Status == 429 || fault.Code is "ThrottlingException" or "Throttling" or "TooManyRequestsException";

    private static string? RequestId(HttpResponseMessage response) => Header(response, "x-amzn-RequestId");

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private HttpRequestMessage NewRequest(string target, byte[] body)
    {
        // Uri keeps the path percent-encoded and the port only where it is not the scheme's own, as both ends sign them.
        List<KeyValuePair<string, string>> headers = [new("X-Amz-Target", target)];
        var signatures = signer.Sign(new SignedRequest
        {
            Method = "POST",
            Path = endpoint.AbsolutePath,
            Query = endpoint.Query.TrimStart('?'),
            Headers = [new("host", endpoint.Authority), new("content-type", ContentType.ToString()), .. headers],
            Body = body,
        });
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = ContentType;
        request.Headers.Host = endpoint.Authority;
        foreach (var (name, value) in headers.Concat(signatures))
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
