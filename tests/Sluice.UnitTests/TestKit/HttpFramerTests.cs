using System.Text;
using CsCheck;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.TestKit;

public sealed class HttpFramerTests
{
    private static readonly string[] Requests =
    [
        "GET /bucket/key HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT /bucket/key HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello\r\n\r\nyo",
        "PUT /b/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
        "HEAD / HTTP/1.1\r\n\r\n",
        "PUT /b/k HTTP/1.1\r\ncontent-length: 0\r\n\r\n",
    ];

    [Fact]
    public void Messages_are_told_apart_however_the_stream_is_cut()
    {
        var genRequests = Gen.Int[0, Requests.Length - 1].Select(i => Requests[i]).List[1, 8];
        Gen.Select(genRequests, Gen.Int[1, 40]).Sample((requests, pieceBytes) =>
        {
            var framer = new HttpFramer();
            framer.BeginRequest();
            var found = new List<string>();
            var message = new StringBuilder();
            foreach (var piece in Encoding.ASCII.GetBytes(string.Concat(requests)).Chunk(pieceBytes))
            {
                for (ReadOnlySpan<byte> rest = piece; !rest.IsEmpty;)
                {
                    var count = framer.Consume(rest);
                    message.Append(Encoding.ASCII.GetString(rest[..count]));
                    rest = rest[count..];
                    if (!framer.IsComplete)
                        continue;
                    found.Add(message.ToString());
                    message.Clear();
                    framer.BeginRequest();
                }
            }

            return found.SequenceEqual(requests);
        });
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false)]
    [InlineData("PUT", "HTTP/1.1 100 Continue\r\n\r\n", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\n\r\n", false)]
    public void An_answer_ends_with_its_head_where_it_has_no_body(string method, string head, bool ends)
    {
        var framer = new HttpFramer();
        framer.BeginAnswer(method);

        Assert.Equal(head.Length, framer.Consume(Encoding.ASCII.GetBytes(head)));

        Assert.Equal(ends, framer.IsComplete);
    }

    [Fact]
    public void What_is_not_HTTP_is_refused()
    {
        var framer = new HttpFramer();
        framer.BeginRequest();

        Assert.Throws<FormatException>(() => framer.Consume("nonsense\r\n\r\n"u8));
    }
}
