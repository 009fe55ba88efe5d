using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Sluice.Core.Tasks;
using Sluice.Repositories;
using Sluice.Repositories.Checksums;
using Sluice.Repositories.Resolving;
using Sluice.Repositories.S3;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>An endpoint at the end of a slow line.</summary>
public sealed class SlowLineTests
{
    private const int Bytes = 32 << 20;

    // Each of the 64 pieces, and what the kernel holds of them, comes well within the limit; all together take twice as long.
    private const int PieceBytes = 512 << 10;
    private static readonly TimeSpan PauseAfterPiece = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_that_moves_slowly_is_not_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = PieceBytes;
        listener.Start();
        var serving = ServeAsync(listener);
        var endpoint = new S3Endpoint { Url = $"http://{listener.LocalEndpoint}", Region = "us-east-1", StallLimit = StallLimit };
        using var access = S3ClientFactory.Create(endpoint, new BasicAWSCredentials("key", "secret"), TimeProvider.System);
        var content = TestContent.Bytes(seed: 1, Bytes);
        var put = new PutRequest
        {
            Key = "key", Content = content, Checksum = Crc64Nvme.Hash(content), Metadata = new ObjectMetadata { User = new Dictionary<string, string>() },
        };

        var result = await new S3Repository("bucket", access).PutAsync(put, StartPermit.Unrestricted, Cancel);

        Assert.Equal("slow", result.ETag);
        await serving;
    }

    /// <summary>Takes one request in, slowly, and answers it.</summary>
    private static async Task ServeAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync(Cancel);
        var buffer = new byte[PieceBytes];
        long left = Bytes;
        for (var isFirst = true; left > 0; isFirst = false)
        {
            var read = await socket.ReceiveAsync(buffer, SocketFlags.None, Cancel);
            if (read == 0) return;
            if (isFirst) left += buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) + 4;
            if (left / PieceBytes != (left -= read) / PieceBytes) await Task.Delay(PauseAfterPiece, TimeProvider.System, Cancel);
        }

        await socket.SendAsync("HTTP/1.1 200 OK\r\nETag: \"slow\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), SocketFlags.None, Cancel);
    }
}
