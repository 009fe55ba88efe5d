using Sluice.CommandLine.Client;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>The bytes that come beside an answer.</summary>
public sealed class BytesWatchTests
{
    [Fact]
    public async Task An_answer_without_bytes_forgets_those_of_the_one_before()
    {
        using var handler = new Answers("7/9", null, "garbage", "1/2");
        using var watch = new BytesWatch(handler);
        using var http = new HttpClient(watch);
        var seen = new List<(long, long)?>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await http.GetAsync("http://server.invalid/", TestContext.Current.CancellationToken);
            seen.Add(watch.Last);
        }

        Assert.Equal([(7, 9), null, null, (1, 2)], seen);
    }

    private sealed class Answers(params string?[] headers) : HttpMessageHandler
    {
        private int _next;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage();
            if (headers[_next++] is { } value) answer.Headers.Add("x-sluice-task-bytes", value);
            return Task.FromResult(answer);
        }
    }
}
