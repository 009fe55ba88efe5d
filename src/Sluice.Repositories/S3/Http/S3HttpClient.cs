using System.Text;
using Sluice.Core.Tasks;

namespace Sluice.Repositories.S3.Http;

/// <summary>
/// Sends the requests of which there is one for each file (PUT, GET, HEAD) over HTTP/1.1 connections of its own, because their cost per request is what
/// holds small files back. No retries and no redirects; the rare requests go through the AWS SDK.
/// </summary>
/// <param name="address">Where the bucket is.</param>
/// <param name="pool">Connections to there.</param>
/// <param name="signer">Signs.</param>
/// <param name="stallLimit">Longest wait without a byte in either direction.</param>
internal sealed class S3HttpClient(HttpAddress address, HttpConnectionPool pool, RequestSigner signer, TimeSpan stallLimit)
{
    private const int Forbidden = 403;

    /// <summary>Whether the connections are TLS: then the content needs no signature of its own.</summary>
    public bool IsEncrypted => address.IsEncrypted;

    /// <summary>Sends a request and reads the head of its response.</summary>
    /// <param name="method">PUT, GET or HEAD.</param>
    /// <param name="key">The key.</param>
    /// <param name="query">Query, escaped and sorted; empty for none.</param>
    /// <param name="headers">Headers but those of the connection and the signature.</param>
    /// <param name="content">Content of a PUT.</param>
    /// <param name="payloadHash">For the signature.</param>
    /// <param name="permit">Asked at the first byte; null for requests without side effects.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<S3Response> SendAsync(
        string method,
        string key,
        string query,
        RequestHeaders headers,
        ReadOnlyMemory<byte> content,
        string payloadHash,
        StartPermit? permit,
        CancellationToken cancellationToken)
    {
        var path = address.PathOf(key);
        headers.Add("host", address.Host);
        if (method == "PUT") headers.Add("content-length", content.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var signed = await signer.SignAsync(method, path, query, headers, payloadHash);
        var connection = await pool.RentAsync(cancellationToken);
        try
        {
            var head = await ExchangeAsync(connection, Head(method, path, query, headers), content, permit, cancellationToken);
            return new S3Response(head, new ResponseContent(pool, connection, head, method != "HEAD", stallLimit))
            {
                IsOfWrongTime = head.Status == Forbidden && signer.SetClock(signed, head["date"]),
            };
        }
        catch
        {
            pool.Return(connection, isReusable: false);
            throw;
        }
    }

    private async Task<ResponseHead> ExchangeAsync(
        HttpConnection connection, ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> content, StartPermit? permit, CancellationToken cancellationToken)
    {
        using var stall = Stall.Watch(stallLimit, cancellationToken);
        try
        {
            await SendAsync(connection, request, content, permit, stall);
            return await connection.ReadHeadAsync(stall.Token);
        }
        catch (OperationCanceledException e) when (e is not StartRefusedException && !cancellationToken.IsCancellationRequested)
        {
            throw stall.Expired();
        }
    }

    private static async ValueTask SendAsync(
        HttpConnection connection, ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> content, StartPermit? permit, Stall stall)
    {
        try
        {
            await connection.SendAsync(request, content, permit, stall);
        }
        catch (IOException) when (content.Length > 0)
        {
            // An endpoint that refuses a request may close the connection in the midst of its content: its answer may be there all the same, and where it
            // is not, reading says so.
        }
    }

    private static byte[] Head(string method, string path, string query, RequestHeaders headers)
    {
        var text = new StringBuilder(1024).Append(method).Append(' ').Append(path);
        if (query.Length > 0) text.Append('?').Append(query);
        text.Append(" HTTP/1.1\r\n");
        foreach (var (name, value) in headers.Sorted) text.Append(name).Append(": ").Append(value).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }
}
