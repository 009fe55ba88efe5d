using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>A client that sends one odd request after another, on one connection as long as the server leaves it open.</summary>
internal sealed class FuzzClient(EndPoint server, FuzzRequests requests, KnownIds ids, Random random, ConcurrentDictionary<string, int> outcomes) : IDisposable
{
    private RawConnection? _connection;

    /// <summary>Sends the next request; answers what was wrong, or null.</summary>
    public async Task<string?> SendAsync(CancellationToken cancellationToken)
    {
        var sent = requests.Next();
        string? violation;
        try
        {
            violation = await SendAsync(sent, cancellationToken);
        }
        catch (TimeoutException)
        {
            violation = "no answer, and no end of the connection";
        }

        if (violation is null) return null;
        Close();
        return $"{sent.Kind}: {violation}\n{Shown(sent)}";
    }

    public void Dispose() => Close();

    private async Task<string?> SendAsync(FuzzCase sent, CancellationToken cancellationToken)
    {
        _connection ??= await RawConnection.OpenAsync(server, cancellationToken);
        await _connection.SendAsync(sent.Bytes, cancellationToken);
        if (sent.Ending == FuzzEnding.Reset) _connection.Reset();
        if (sent.Ending == FuzzEnding.EndSending) _connection.EndSending();
        RawAnswer? answer = null;
        for (var i = 0; i < sent.Answers; i++)
        {
            answer = await _connection.ReceiveAsync(sent.Method, cancellationToken);
            outcomes.AddOrUpdate($"{sent.Kind}: {answer?.Head["x-amzn-errortype"] ?? answer?.Head.Second ?? "closed"}", 1, (_, count) => count + 1);
            if (FuzzRules.Violation(sent, answer) is { } violation) return $"{violation}: {answer}";
            if (answer is { Status: 200 }) ids.Learn(answer, random);
        }

        if (sent.Ending == FuzzEnding.Close) _connection.EndSending();
        if (sent.Ending is FuzzEnding.Close or FuzzEnding.EndSending)
        {
            while (await _connection.ReceiveAsync(sent.Method, cancellationToken) is not null)
            {
                // More bytes than one request has are another to the server; the end has to come.
            }
        }

        if (sent.Ending != FuzzEnding.GoOn || answer is null || answer.Head.Closes || sent.MayBreak) Close();
        return null;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static string Shown(FuzzCase sent) => Encoding.Latin1.GetString(sent.Bytes.AsSpan(0, Math.Min(sent.Bytes.Length, 3000)));
}
