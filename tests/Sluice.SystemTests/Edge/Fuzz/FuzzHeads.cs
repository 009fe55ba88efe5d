using System.Globalization;
using System.Text;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>Spoils a signed request in its HTTP: head, framing, and how its bytes go out.</summary>
internal static class FuzzHeads
{
    private const string UnknownOperation = "UnknownOperationException";
    private const string InvalidSignature = "InvalidSignatureException";
    private const string MaxBody = "1048577";

    private delegate FuzzCase Spoiler(ApiRequest request, FuzzCase plain, Random random);

    private static readonly (string Kind, Spoiler Spoil)[] Spoilers =
    [
        ("method", Method),
        ("content type", ContentType),
        ("target", Target),
        ("path", Path),
        ("chunked", Chunked),
        ("badly chunked", BadlyChunked),
        ("length that is no number", BadLength),
        ("length over the limit", LargeLength),
        ("length and chunks", LengthAndChunks),
        ("body cut off", Truncated),
        ("more than its length", Overlong),
        ("connection reset", Reset),
        ("many headers", ManyHeaders),
        ("large header", LargeHeader),
        ("odd header", OddHeader),
        ("host", Host),
        ("preflight", Preflight),
        ("expect", Expect),
        ("last on its connection", Last),
        ("no HTTP", NoHttp),
        ("signature", Signature),
        ("pipelined", Pipelined),
    ];

    /// <summary>Spoils a request that would be <paramref name="plain"/>.</summary>
    public static FuzzCase Spoil(ApiRequest request, FuzzCase plain, Random random)
    {
        var (kind, spoil) = Spoilers[random.Next(Spoilers.Length)];
        return spoil(request, plain, random) with { Kind = kind };
    }

    private static FuzzCase Method(ApiRequest request, FuzzCase plain, Random random)
    {
        var method = Of(["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "FOO", "M-SEARCH"], random);
        return plain with { Bytes = (request with { Method = method }).ToBytes(), Method = method, Operation = null, Code = UnknownOperation };
    }

    private static FuzzCase ContentType(ApiRequest request, FuzzCase plain, Random random)
    {
        var type = Of([null, "application/json", "text/plain", "application/x-amz-json-1.0", "application/x-amz-json-1.1x", "", ";", "\u00e4", "application/cbor"], random);
        return plain with { Bytes = request.With("Content-Type", type).ToBytes(), Operation = null, Code = UnknownOperation, MayBreak = true };
    }

    private static FuzzCase Target(ApiRequest request, FuzzCase plain, Random random)
    {
        var target = request["X-Amz-Target"]!;
        var other = Of([null, "", target.ToLowerInvariant(), "x." + target, target + "x", "AWSSimbaAPIService_v20180301.", "Sluice_20261125.", "\u00e4.\u00f6", new string('x', 5000), target + "\u00c3\u00a9"], random);
        return plain with { Bytes = request.With("X-Amz-Target", other).ToBytes(), Operation = null, Code = UnknownOperation, MayBreak = true };
    }

    private static FuzzCase Path(ApiRequest request, FuzzCase plain, Random random)
    {
        var path = Of(
            [
                "/x", "/%00", "/%", "/%ff", "/../../etc/passwd", "//", "/a?b", "/?X-Amz-Algorithm=AWS4-HMAC-SHA256", "/?%", "/?a=%zz&=&&", "*", "http://other/", "/" + new string('a', 7000),
                "/\u00e9", "/" + new string('a', 20_000), "x", "/?" + string.Join('&', Enumerable.Range(0, 500).Select(n => $"a{n}=b")), "/a\tb", "/#x",
            ],
            random);
        return plain with { Bytes = (request with { Path = path }).ToBytes(), Operation = null, Code = null, MayBreak = true };
    }

    private static FuzzCase Chunked(ApiRequest request, FuzzCase plain, Random random)
    {
        using var body = new MemoryStream();
        for (var at = 0; at < request.Body.Length;)
        {
            var length = Math.Min(random.Next(1, Math.Max(2, request.Body.Length)), request.Body.Length - at);
            body.Write(Encoding.ASCII.GetBytes($"{(random.Next(2) == 0 ? $"{length:X}" : $"000{length:x}")}{(random.Next(4) == 0 ? ";a=b" : "")}\r\n"));
            body.Write(request.Body, at, length);
            body.Write("\r\n"u8);
            at += length;
        }

        body.Write(random.Next(4) == 0 ? "0\r\nx-trailer: y\r\n\r\n"u8 : "0\r\n\r\n"u8);
        return plain with { Bytes = [.. request.And("Transfer-Encoding", "chunked").HeadBytes(), .. body.ToArray()] };
    }

    private static FuzzCase BadlyChunked(ApiRequest request, FuzzCase plain, Random random)
    {
        var body = Of(["zz\r\n{}\r\n0\r\n\r\n", "-2\r\n{}\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFF1\r\n{}", "2\r\n{}x\r\n0\r\n\r\n", "7fffffff\r\n{}", "2\n{}\n0\n\n", "\r\n\r\n", "2;" + new string('a', 70_000) + "\r\n{}\r\n0\r\n\r\n"], random);
        return Broken(plain, [.. request.And("Transfer-Encoding", "chunked").HeadBytes(), .. Encoding.ASCII.GetBytes(body)], FuzzEnding.EndSending);
    }

    private static FuzzCase BadLength(ApiRequest request, FuzzCase plain, Random random)
    {
        var length = Of(["-1", "abc", "", "1e3", "0x10", "+2", "99999999999999999999999", "2, 2", " ", "2;2"], random);
        return Broken(plain, [.. request.And("Content-Length", length).HeadBytes(), .. request.Body], FuzzEnding.EndSending);
    }

    private static FuzzCase LargeLength(ApiRequest request, FuzzCase plain, Random random)
    {
        var length = Of([MaxBody, "1073741824", "9223372036854775807"], random);
        return plain with
        {
            Bytes = [.. request.And("Content-Length", length).HeadBytes(), .. request.Body],
            Operation = null,
            Code = "RequestEntityTooLargeException",
            MayBreak = true,
            Ending = FuzzEnding.Close,
        };
    }

    private static FuzzCase LengthAndChunks(ApiRequest request, FuzzCase plain, Random random)
    {
        var length = Of(["0", "2", request.Body.Length.ToString(CultureInfo.InvariantCulture)], random);
        var coding = Of(["chunked", "gzip, chunked", "identity", "chunked, chunked", "xchunked"], random);
        return Broken(
            plain,
            [.. request.And("Content-Length", length).And("Transfer-Encoding", coding).HeadBytes(), .. Encoding.ASCII.GetBytes($"{request.Body.Length:x}\r\n"), .. request.Body, .. "\r\n0\r\n\r\n"u8],
            FuzzEnding.EndSending);
    }

    private static FuzzCase Truncated(ApiRequest request, FuzzCase plain, Random random)
    {
        var bytes = request.ToBytes();
        return Broken(plain, bytes[..random.Next(1, bytes.Length)], FuzzEnding.EndSending);
    }

    private static FuzzCase Overlong(ApiRequest request, FuzzCase plain, Random random) =>
        plain with { Bytes = [.. request.ToBytes(), .. Encoding.ASCII.GetBytes(Of(["x", "{}", "\0\0\0\0", "GET"], random))], Ending = FuzzEnding.Close };

    private static FuzzCase Reset(ApiRequest request, FuzzCase plain, Random random)
    {
        var bytes = request.ToBytes();
        return plain with { Bytes = bytes[..random.Next(1, bytes.Length + 1)], Answers = 0, Ending = FuzzEnding.Reset };
    }

    private static FuzzCase ManyHeaders(ApiRequest request, FuzzCase plain, Random random)
    {
        var many = Enumerable.Range(0, random.Next(100, 3000)).Select(number => KeyValuePair.Create($"x-{number}", "y"));
        return Broken(plain, (request with { Headers = [.. request.Headers, .. many] }).ToBytes(), FuzzEnding.GoOn);
    }

    private static FuzzCase LargeHeader(ApiRequest request, FuzzCase plain, Random random) =>
        Broken(plain, request.And(Of(["x-large", "Authorization", "X-Amz-Date", "Cookie"], random), new string('x', random.Next(10_000, 200_000))).ToBytes(), FuzzEnding.GoOn);

    private static FuzzCase OddHeader(ApiRequest request, FuzzCase plain, Random random)
    {
        var (name, value) = Of(
            [
                ("x y", "z"), ("", "z"), ("x", "a\0b"), ("x", "a\rb"), ("x", "a\nb"), ("x", "\r\n folded"), ("\u00e9", "z"), ("x", "\u00e9\u00ff"), ("x", "\u00c3\u00a9"), ("x(", "z"), (":x", "z"), ("x", "\u007f"),
                ("Content-Encoding", "gzip"), ("Upgrade", "h2c"), ("Upgrade", "websocket"), ("Connection", "upgrade"), ("X-Amz-Date", "tomorrow"), ("Cookie", "a=\"\\"),
                ("Authorization", "Basic eDp5"), ("x-amz-content-sha256", "x"), ("X-Amz-Security-Token", "x"), ("Accept-Encoding", "br;q=9"), ("Connection", "close, keep-alive, \u00e9"),
            ],
            random);
        return Broken(plain, request.And(name, value).ToBytes(), FuzzEnding.GoOn);
    }

    private static FuzzCase Host(ApiRequest request, FuzzCase plain, Random random)
    {
        var bytes = random.Next(5) switch
        {
            0 => request.With("Host", null).ToBytes(),
            1 => request.And("Host", "other").ToBytes(),
            2 => request.With("Host", Of(["", "a b", "[::1", "\u00e9", "x:99999", "x@y", "a,b"], random)).ToBytes(),
            3 => (request with { Protocol = "HTTP/1.0" }).ToBytes(),
            _ => request.With("Host", "other.example").ToBytes(),
        };
        return Broken(plain, bytes, FuzzEnding.GoOn);
    }

    // Browsers ask before they send: from anywhere, for any headers.
    private static FuzzCase Preflight(ApiRequest request, FuzzCase plain, Random random)
    {
        var asked = (request with { Method = "OPTIONS", Body = [] })
            .And("Origin", Of(["null", "https://x", "\u00c3\u00a9", "", "a b"], random))
            .And("Access-Control-Request-Headers", Of(["authorization", "", "\u00e9", "\u00c3\u00a9", "\u007f", "a\tb", new string('x', 9000), "*"], random))
            .And("Access-Control-Request-Method", Of(["POST", "", "\u00c3\u00a9", "FOO BAR"], random));
        return plain with { Bytes = asked.ToBytes(), Method = "OPTIONS", Operation = null, Code = FuzzRules.Preflight, MayBreak = true };
    }

    private static FuzzCase Expect(ApiRequest request, FuzzCase plain, Random random) =>
        plain with { Bytes = request.And("Expect", Of(["100-continue", "100-Continue", "200-ok", ""], random)).ToBytes(), MayBreak = true };

    private static FuzzCase Last(ApiRequest request, FuzzCase plain, Random random) =>
        plain with { Bytes = request.And("Connection", "close").ToBytes(), Ending = FuzzEnding.Close };

    private static FuzzCase NoHttp(ApiRequest request, FuzzCase plain, Random random)
    {
        var noise = new byte[random.Next(1, 400)];
        random.NextBytes(noise);
        var bytes = random.Next(8) switch
        {
            0 => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8],
            1 => [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. noise],
            2 => [.. "POST / HTTP/9.9\r\n\r\n"u8],
            3 => [.. "POST /\r\n\r\n"u8],
            4 => [.. "\r\n\r\n\r\n"u8, .. request.ToBytes()],
            5 => [.. Enumerable.Repeat((byte)'A', 70_000)],
            6 => [.. "POST / HTTP/1.1\nHost: x\n\n"u8],
            _ => noise,
        };
        return Broken(plain, bytes, FuzzEnding.EndSending);
    }

    private static FuzzCase Signature(ApiRequest request, FuzzCase plain, Random random)
    {
        var text = request["Authorization"]!;
        var (changed, code) = Of(
            [
                (null, "MissingAuthenticationTokenException"),
                ("", null),
                ("AWS4-HMAC-SHA256", "IncompleteSignatureException"),
                (text[..^1] + (text[^1] == '0' ? '1' : '0'), InvalidSignature),
                (text.Replace("Credential=", "Credential=x", StringComparison.Ordinal), "UnrecognizedClientException"),
                (text.Replace("/fsx/", "/s3/", StringComparison.Ordinal), InvalidSignature),
                (text.Replace("host;", "", StringComparison.Ordinal), InvalidSignature),
                (text.Replace("SignedHeaders=", "SignedHeaders=;;;;", StringComparison.Ordinal), null),
                (text.Replace(", ", ",,, ,", StringComparison.Ordinal), null),
                (new string('=', 3000), "IncompleteSignatureException"),
                (text + "\u00c3\u00a9", null),
                (text.Replace("SignedHeaders=", "SignedHeaders=" + string.Concat(Enumerable.Repeat("host;", 2000)), StringComparison.Ordinal), InvalidSignature),
            ],
            random);
        return plain with { Bytes = request.With("Authorization", changed).ToBytes(), Operation = null, Code = code, MayBreak = changed is not null };
    }

    private static FuzzCase Pipelined(ApiRequest request, FuzzCase plain, Random random)
    {
        var count = random.Next(2, 9);
        return plain with { Bytes = [.. Enumerable.Repeat(request.ToBytes(), count).SelectMany(bytes => bytes)], Answers = count };
    }

    private static FuzzCase Broken(FuzzCase plain, byte[] bytes, FuzzEnding ending) =>
        plain with { Bytes = bytes, Operation = null, Code = null, MayBreak = true, Ending = ending };

    private static T Of<T>(IReadOnlyList<T> values, Random random) => values[random.Next(values.Count)];
}
