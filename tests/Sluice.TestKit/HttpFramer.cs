using System.Globalization;
using System.Text;

namespace Sluice.TestKit;

/// <summary>
/// Finds where HTTP/1.1 messages end in a stream, as it comes in (RFC 9112 §6). It changes nothing: bodies, aws-chunked ones too, are
/// only counted. One framer sees one direction of one connection.
/// </summary>
internal sealed class HttpFramer
{
    private const int MaxHeadBytes = 64 * 1024;

    private readonly ByteQueue _head = new();
    private readonly StringBuilder _line = new();
    private Phase _phase;
    private long _remaining;
    private bool _isAnswer;
    private bool _hasNoBody;

    private enum Phase
    {
        Head,
        Fixed,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
        UntilClose,
        Complete,
    }

    /// <summary>The head, once it is complete.</summary>
    public HttpHead? Head { get; private set; }

    /// <summary>The message is complete.</summary>
    public bool IsComplete => _phase == Phase.Complete;

    /// <summary>The answer is an interim one (1xx): another follows it.</summary>
    public bool IsInterim => _isAnswer && Head is { Status: >= 100 and < 200 };

    /// <summary>The message ends where the connection ends.</summary>
    public bool EndsWithConnection => _phase == Phase.UntilClose;

    /// <summary>Bytes that are still to come for certain before the message ends.</summary>
    public long Remaining => _phase is Phase.Fixed or Phase.ChunkData ? _remaining : 0;

    /// <summary>Gets ready for a request.</summary>
    public void BeginRequest() => Begin(isAnswer: false, hasNoBody: false);

    /// <summary>Gets ready for the answer to a request with this method.</summary>
    public void BeginAnswer(string method) => Begin(isAnswer: true, hasNoBody: method == "HEAD");

    /// <summary>
    /// Takes bytes up to the end of the head, or up to the end of the message, whichever comes first, and answers how many.
    /// FormatException: this is not HTTP.
    /// </summary>
    public int Consume(ReadOnlySpan<byte> data)
    {
        if (_phase == Phase.Head)
            return ConsumeHead(data);
        var taken = 0;
        while (taken < data.Length && _phase != Phase.Complete)
            taken += ConsumeBody(data[taken..]);
        return taken;
    }

    private void Begin(bool isAnswer, bool hasNoBody)
    {
        _head.Clear();
        _line.Clear();
        _phase = Phase.Head;
        (_isAnswer, _hasNoBody) = (isAnswer, hasNoBody);
        Head = null;
    }

    private int ConsumeHead(ReadOnlySpan<byte> data)
    {
        var before = _head.Count;
        var searchFrom = Math.Max(0, before - 3);
        _head.Append(data[..Math.Min(data.Length, MaxHeadBytes)]);
        var end = _head.Bytes[searchFrom..].IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return _head.Count < MaxHeadBytes
                ? data.Length
                : throw new FormatException($"An HTTP head has more than {MaxHeadBytes} bytes.");
        }

        var length = searchFrom + end + 4;
        Head = HttpHead.Parse(_head.Bytes[..length]);
        _phase = AfterHead(Head);
        return length - before;
    }

    private Phase AfterHead(HttpHead head)
    {
        if (_hasNoBody || (_isAnswer && head.Status is (>= 100 and < 200) or 204 or 304))
            return Phase.Complete;
        if (head.IsChunked)
            return Phase.ChunkSize;
        _remaining = head.ContentLength ?? 0;
        if (_remaining > 0)
            return Phase.Fixed;
        return _isAnswer && head.ContentLength is null ? Phase.UntilClose : Phase.Complete;
    }

    private int ConsumeBody(ReadOnlySpan<byte> data)
    {
        switch (_phase)
        {
            case Phase.Fixed:
                return Count(data.Length, Phase.Complete);
            case Phase.ChunkData:
                return Count(data.Length, Phase.ChunkEnd);
            case Phase.UntilClose:
                return data.Length;
            case Phase.ChunkSize:
                if (TakeLine(data[0]) is { } size)
                {
                    _remaining = long.Parse(size.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier);
                    _phase = _remaining == 0 ? Phase.Trailer : Phase.ChunkData;
                }

                return 1;
            case Phase.ChunkEnd:
                if (TakeLine(data[0]) is not null)
                    _phase = Phase.ChunkSize;
                return 1;
            case Phase.Trailer:
                if (TakeLine(data[0]) is { Length: 0 })
                    _phase = Phase.Complete;
                return 1;
            default:
                throw new InvalidOperationException($"No body in phase {_phase}.");
        }
    }

    private int Count(int available, Phase next)
    {
        var taken = (int)Math.Min(available, _remaining);
        _remaining -= taken;
        if (_remaining == 0)
            _phase = next;
        return taken;
    }

    private string? TakeLine(byte value)
    {
        if (value != '\n')
        {
            _line.Append((char)value);
            return null;
        }

        var line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        return line;
    }
}
