using System.Text;
using Sluice.Protocol.SigV4;

namespace Sluice.UnitTests.Protocol.SigV4;

/// <summary>Requests written as they look on the wire.</summary>
internal static class RawRequest
{
    public static SignedRequest Parse(string text)
    {
        var (head, body) = text.Split("\n\n", 2) switch
        {
            [var all] => (all, ""),
            [var first, var rest] => (first, rest),
            _ => throw new ArgumentException("not a request", nameof(text)),
        };
        var lines = head.Split('\n');
        var start = lines[0];
        var target = start[(start.IndexOf(' ', StringComparison.Ordinal) + 1)..start.LastIndexOf(' ')];
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var line in lines.Skip(1))
        {
            if (line.StartsWith(' '))
                headers[^1] = new(headers[^1].Key, $"{headers[^1].Value}\n{line}");
            else if (line.Split(':', 2) is [var name, var value])
                headers.Add(new(name, value));
        }

        return new SignedRequest
        {
            Method = start[..start.IndexOf(' ', StringComparison.Ordinal)],
            Path = target.Split('?', 2)[0],
            Query = target.Split('?', 2) is [_, var query] ? query : "",
            Headers = headers,
            Body = Encoding.UTF8.GetBytes(body),
        };
    }

    public static SignedRequest With(this SignedRequest request, string name, string value) =>
        request.Without(name) with { Headers = [.. request.Without(name).Headers, new(name, value)] };

    public static SignedRequest Without(this SignedRequest request, string name) =>
        request with { Headers = [.. request.Headers.Where(header => !header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))] };
}
