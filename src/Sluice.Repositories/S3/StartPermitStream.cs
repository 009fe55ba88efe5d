using Sluice.Core.Tasks;
using Sluice.Repositories.S3.Http;

namespace Sluice.Repositories.S3;

/// <summary>
/// A connection to an endpoint that asks the current call's <see cref="StartPermit"/> at the first byte of its request. The call's permit travels in
/// an <see cref="AsyncLocal{T}"/>: the HTTP handler writes a request on its caller's flow. Connecting runs without one, so that neither a TLS
/// handshake nor a connection made ahead counts as a start. A call that has a permit goes over one connection: the handler repeats requests whose
/// connection was closed unanswered, and who makes the call has to know that there may have been two. A connection on which nothing moves is given up.
/// </summary>
/// <param name="inner">The socket's.</param>
/// <param name="stallLimit">Longest wait without a byte in either direction.</param>
internal sealed class StartPermitStream(Stream inner, TimeSpan stallLimit) : Stream
{
    private static readonly AsyncLocal<Call?> Ambient = new();

    private Stall? _reading;

    /// <summary>The permit of the request that the current flow sends.</summary>
    public static StartPermit? Current
    {
        set => Ambient.Value = value is null ? null : new Call(value);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var call = Ambient.Value;
        if (call is not null && (call.Connection ??= this) != this) throw new IOException("The connection was closed before the request was answered.");
        using var stall = Stall.Watch(stallLimit, cancellationToken);
        try
        {
            await PermittedWrite.WriteAsync(inner, buffer, call?.Permit, stall.Token);
        }
        catch (OperationCanceledException e) when (e is not StartRefusedException && !cancellationToken.IsCancellationRequested)
        {
            throw stall.Expired();
        }

        // A read that began while the connection was idle waits for the answer to this.
        Volatile.Read(ref _reading)?.Restart();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Requests are sent asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stall = Stall.Watch(stallLimit, cancellationToken);
        Volatile.Write(ref _reading, stall);
        try
        {
            return await inner.ReadAsync(buffer, stall.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw stall.Expired();
        }
        finally
        {
            Volatile.Write(ref _reading, null);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A call under way.</summary>
    private sealed class Call(StartPermit permit)
    {
        public StartPermit Permit => permit;

        /// <summary>The one its request was written to.</summary>
        public StartPermitStream? Connection { get; set; }
    }
}
