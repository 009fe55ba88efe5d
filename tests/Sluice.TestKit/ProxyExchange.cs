using System.Text;

namespace Sluice.TestKit;

/// <summary>One request on its way through the proxy, and what has come of its answer.</summary>
internal sealed class ProxyExchange(ProxyRequest request)
{
    private const int KeptAnswerBytes = 64 * 1024;

    private long _answerBytes;

    public ProxyRequest Request { get; } = request;

    public HttpHead? Head { get; private set; }

    /// <summary>Bytes that came from the client and have not gone to the server.</summary>
    public ByteQueue Outbound { get; } = new();

    /// <summary>The beginning of an answer that is not passed on at once.</summary>
    private ByteQueue Withheld { get; } = new();

    /// <summary>All of the request has come in.</summary>
    public bool IsReceived { get; set; }

    /// <summary>Some of its body has come in.</summary>
    public bool HasBody { get; private set; }

    /// <summary>The rule's action has begun.</summary>
    public bool IsStarted { get; set; }

    /// <summary>The server's answer is complete.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Nothing more of it goes to the server.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>When it may start, in milliseconds of the loop's time.</summary>
    public long DueAt { get; set; }

    public ProxyActionKind Kind => Request.Action?.Kind ?? ProxyActionKind.Forward;

    /// <summary>Its answer goes to the client as it comes.</summary>
    public bool IsPassedOn => Kind == ProxyActionKind.Forward;

    public bool IsForwarded => Kind is ProxyActionKind.Forward or ProxyActionKind.CutAfterForward or ProxyActionKind.TruncateAnswer;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        HasBody |= Head is not null && !bytes.IsEmpty;
        if (!IsDiscarded)
            Outbound.Append(bytes);
    }

    public void Learn(HttpHead head)
    {
        Head = head;
        Request.Learn(head);
    }

    public void Discard()
    {
        IsDiscarded = true;
        Outbound.Clear();
    }

    public void Withhold(ReadOnlySpan<byte> bytes)
    {
        _answerBytes += bytes.Length;
        Withheld.Append(bytes[..Math.Min(bytes.Length, KeptAnswerBytes - Withheld.Count)]);
    }

    /// <summary>Gives out what was withheld: it was an interim answer, which the client needs to go on.</summary>
    public void GiveOut(ByteQueue target)
    {
        target.Append(Withheld.Bytes);
        Withheld.Clear();
        _answerBytes = 0;
    }

    /// <summary>The first half of the answer, at least a byte and never all of it.</summary>
    public ReadOnlySpan<byte> HalfAnswer() => Withheld.Bytes[..(int)Math.Min(Withheld.Count, _answerBytes / 2)];

    /// <summary>The answer S3 would give with the action's status and code.</summary>
    public byte[] ErrorAnswer(bool closes)
    {
        var action = Request.Action!;
        var body = Request.Method == "HEAD" ? "" : $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>{action.Code}</Code><Message>The proxy says so.</Message><RequestId>proxy-{Request.Clock}</RequestId></Error>
            """;
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {action.Status} {action.Code}\r\nx-amz-request-id: proxy-{Request.Clock}\r\nContent-Type: application/xml\r\n" +
            $"Content-Length: {body.Length}\r\n{(closes ? "Connection: close\r\n" : "")}\r\n{body}");
    }
}
