using System.Globalization;

namespace Sluice.CommandLine.Client;

/// <summary>Remembers the bytes that the last answer told beside the model's members; nothing when it told none, so that the bytes of one task
/// never stand beside the files of another.</summary>
internal sealed class BytesWatch : DelegatingHandler
{
    private const string BytesHeader = "x-sluice-task-bytes";

    public BytesWatch()
        : base(new SocketsHttpHandler { UseProxy = false })
    {
    }

    /// <summary>For tests: answers come from <paramref name="inner"/>.</summary>
    internal BytesWatch(HttpMessageHandler inner)
        : base(inner)
    {
    }

    /// <summary>Bytes done and found.</summary>
    public (long Done, long Total)? Last { get; private set; }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Last = null;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.TryGetValues(BytesHeader, out var values) && values.First().Split('/') is [var doneText, var totalText]
            && TryParse(doneText, out var done) && TryParse(totalText, out var total))
        {
            Last = (done, total);
        }

        return response;
    }

    private static bool TryParse(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
