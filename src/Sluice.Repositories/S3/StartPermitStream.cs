using Sluice.Core.Tasks;

namespace Sluice.Repositories.S3;

/// <summary>
/// A connection to an endpoint that asks the current call's <see cref="StartPermit"/> at the first byte of its request. The call's permit travels in
/// an <see cref="AsyncLocal{T}"/>: the HTTP handler writes a request on its caller's flow. Connecting runs without one, so that neither a TLS
/// handshake nor a connection made ahead counts as a start.
/// </summary>
internal sealed class StartPermitStream(Stream inner) : Stream
{
    private static readonly AsyncLocal<StartPermit?> Ambient = new();

    /// <summary>The permit of the requests that the current flow sends.</summary>
    public static StartPermit? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
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

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        PermittedWrite.WriteAsync(inner, buffer, Current, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Requests are sent asynchronously.");

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

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
}
