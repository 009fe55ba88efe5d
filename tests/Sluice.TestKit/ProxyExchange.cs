using System.Text;

namespace Sluice.TestKit;

/// <summary>One request on its way through the proxy, and what has come of its answer.</summary>
internal sealed class ProxyExchange(ProxyRequest request)
{
    private const int KeptAnswerBytes = 64 * 1024;

    private readonly ByteQueue _repeat = new();
    private long _answerBytes;
    private int _headBytes;
    private bool _isCorrupted;

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
    public bool IsStarted { get; private set; }

    /// <summary>The server's answer is complete.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Nothing more of it goes to the server.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>When it may start, in milliseconds of the loop's time.</summary>
    public long DueAt { get; set; }

    public ProxyActionKind Kind => Request.Action?.Kind ?? ProxyActionKind.Forward;

    /// <summary>Its answer goes to the client as it comes.</summary>
    public bool IsPassedOn => Kind is ProxyActionKind.Forward or ProxyActionKind.CorruptRequest or ProxyActionKind.CorruptAnswer || IsRepeated;

    public bool IsForwarded => Kind is not (ProxyActionKind.Answer or ProxyActionKind.CutBeforeForward or ProxyActionKind.Hang);

    /// <summary>It is on its way to the server for the second time.</summary>
    public bool IsRepeated { get; private set; }

    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (Head is null)
            _headBytes += bytes.Length;
        HasBody |= Head is not null && !bytes.IsEmpty;
        if (IsDiscarded)
            return;
        Outbound.Append(bytes);
        if (!IsStarted)
            return;
        if (Kind == ProxyActionKind.Duplicate)
            _repeat.Append(bytes);
        else if (Kind == ProxyActionKind.CorruptRequest && !bytes.IsEmpty)
            Corrupt(Outbound.Count - bytes.Length);
    }

    /// <summary>The rule's action begins; some of the body may be here.</summary>
    public void Start()
    {
        IsStarted = true;
        if (Kind == ProxyActionKind.Duplicate)
            _repeat.Append(Outbound.Bytes);
        else if (Kind == ProxyActionKind.CorruptRequest && Outbound.Count > _headBytes)
            Corrupt(_headBytes);
    }

    /// <summary>Has all of it sent again; what has come of its answer is forgotten.</summary>
    public void Repeat()
    {
        IsRepeated = true;
        IsAnswered = false;
        IsDiscarded = false;
        Withheld.Clear();
        Outbound.Append(_repeat.Bytes);
    }

    /// <summary>Passes bytes of the answer on.</summary>
    public void PassOn(ReadOnlySpan<byte> bytes, bool isBody, ByteQueue target)
    {
        target.Append(bytes);
        if (Kind != ProxyActionKind.CorruptAnswer || !isBody || _isCorrupted || bytes.IsEmpty)
            return;
        _isCorrupted = true;
        target.Flip(target.Count - 1);
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

    private void Corrupt(int index)
    {
        if (_isCorrupted)
            return;
        _isCorrupted = true;
        Outbound.Flip(index);
    }

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
            (action.Date is { } date ? $"Date: {date:R}\r\n" : "") +
            $"Content-Length: {body.Length}\r\n{(closes ? "Connection: close\r\n" : "")}\r\n{body}");
    }
}
