using Sluice.Core.Tasks;

namespace Sluice.Repositories.S3;

/// <summary>The first bytes of a request: the last moment at which a file can be kept from beginning.</summary>
internal static class PermittedWrite
{
    /// <summary>Writes to a connection, under a permit that is asked if it has not begun yet; null for requests without side effects.</summary>
    /// <exception cref="StartRefusedException">Nothing was written.</exception>
    public static ValueTask WriteAsync(Stream connection, ReadOnlyMemory<byte> bytes, StartPermit? permit, CancellationToken cancellationToken)
    {
        if (permit is null || permit.HasBegun) return connection.WriteAsync(bytes, cancellationToken);
        permit.BeginOrThrow();
        try
        {
            // Not awaited here: the call has handed what fits to the kernel when it returns, and on a connection that is idle something always fits.
            // Waiting for the rest must not hold up whoever closes the gate.
            return connection.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            permit.Begun();
        }
    }
}
