using System.Net.Sockets;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>Reads the very object that an inode names. Where a connection is lost it goes on from there; what is under the key meanwhile, if it is another
/// object, is refused.</summary>
internal sealed class ContentReader(IObjectRepository repository, ObjectAddress address, long size)
{
    // In a row, without one byte in between.
    private const int Attempts = 5;

    /// <summary>The object's name, for messages.</summary>
    public string Name => $"s3://{address.Bucket}/{address.Key}";

    /// <summary>What the object is; the first answer tells.</summary>
    public ObjectHead? Head { get; private set; }

    /// <summary>A reader of the same object that knows nothing of it yet.</summary>
    public ContentReader Anew() => new(repository, address, size);

    /// <summary>Asks what the object is.</summary>
    public async Task<ObjectHead> HeadAsync(CancellationToken cancellationToken)
    {
        var head = await repository.HeadAsync(address.Key, cancellationToken)
            ?? throw new RepositoryException(RepositoryErrorCode.NotFound, $"The object '{Name}' does not exist any more.", isTransient: false);
        if (head.ETag != address.ETag)
            throw new RepositoryException(RepositoryErrorCode.PreconditionFailed, $"The object '{Name}' was replaced by another.", isTransient: false);
        Check(head);
        return Head = head;
    }

    /// <summary>Reads the whole object in one request.</summary>
    public Task ReadAsync(Memory<byte> content, CancellationToken cancellationToken)
    {
        var filled = 0;
        return ReadAsync(0, content.Length, async (stream, cancel) =>
        {
            var read = await stream.ReadAsync(content[filled..], cancel);
            filled += read;
            return read;
        }, cancellationToken);
    }

    /// <summary>Reads a range, and hands it on in pieces that fill <paramref name="buffer"/>, but for the last.</summary>
    public Task ReadAsync(long offset, long length, Memory<byte> buffer, Action<ReadOnlyMemory<byte>, long> take, CancellationToken cancellationToken)
    {
        long done = 0;
        var filled = 0;
        return ReadAsync(offset, length, async (stream, cancel) =>
        {
            var read = await stream.ReadAsync(buffer[filled..(int)Math.Min(buffer.Length, length - done)], cancel);
            filled += read;
            if (filled == Math.Min(buffer.Length, length - done))
            {
                take(buffer[..filled], offset + done);
                done += filled;
                filled = 0;
            }

            return read;
        }, cancellationToken);
    }

    private async Task ReadAsync(long offset, long length, Func<Stream, CancellationToken, Task<int>> readAsync, CancellationToken cancellationToken)
    {
        long done = 0;
        for (var attempt = 1; done < length; attempt++)
        {
            if (attempt > Attempts) throw new RestoreFailedException($"The content of '{Name}' ended after {offset + done} of {size} bytes, again and again.");

            // A request for the whole object is an ordinary one: its answer has a checksum.
            var isWhole = offset + done == 0 && length == size;
            await using var content = await repository.GetAsync(address.Key, offset + done, isWhole ? null : length - done, address.ETag, cancellationToken);
            Check(content.Head);
            Head ??= content.Head;
            try
            {
                for (int read; done < length && (read = await readAsync(content.Stream, cancellationToken)) > 0; done += read) attempt = 1;
            }
            catch (Exception e) when (e is (IOException and not PosixException) or HttpRequestException or SocketException)
            {
                // The connection was lost in the midst of the content.
            }
        }
    }

    private void Check(ObjectHead head)
    {
        if (head.SizeBytes != size)
            throw new RestoreFailedException($"The object '{Name}' has {head.SizeBytes} bytes, but the file has {size}.");
    }
}
