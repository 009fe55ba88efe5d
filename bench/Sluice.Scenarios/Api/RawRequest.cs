using System.Text;
using Sluice.Protocol.Operations;
using Sluice.Protocol.SigV4;
using Sluice.TestKit;

namespace Sluice.Scenarios.Api;

/// <summary>Makes the bytes of signed API requests ahead of time, so that signing is no part of what is measured.</summary>
/// <param name="authority">Host and port of the server.</param>
/// <param name="keys">Who signs.</param>
internal sealed class RawRequest(string authority, SluiceCredentials keys)
{
    private const string ContentType = "application/x-amz-json-1.1";

    private readonly SigV4Signer _signer = new(
        new SigningCredentials { AccessKeyId = keys.AccessKeyId, SecretAccessKey = keys.SecretAccessKey }, "us-east-1", "fsx", TimeProvider.System);

    /// <summary>One whole HTTP request; good for the minutes a signature is.</summary>
    public byte[] Make<TInput, TOutput>(FsxOperation<TInput, TOutput> operation, TInput input)
        where TInput : class
        where TOutput : class
    {
        var body = operation.WriteInput(input);
        List<KeyValuePair<string, string>> headers = [new("host", authority), new("content-type", ContentType), new("X-Amz-Target", operation.Info.Target)];
        headers.AddRange(_signer.Sign(new SignedRequest { Method = "POST", Path = "/", Headers = headers, Body = body }));
        var head = new StringBuilder("POST / HTTP/1.1\r\n");
        foreach (var (name, value) in headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        head.Append("Content-Length: ").Append(body.Length).Append("\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head.ToString()), .. body];
    }
}
