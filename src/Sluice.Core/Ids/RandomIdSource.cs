using System.Security.Cryptography;

namespace Sluice.Core.Ids;

/// <summary>Ids from the cryptographic random number generator; safe for concurrent use.</summary>
public sealed class RandomIdSource : IIdSource
{
    /// <inheritdoc/>
    public TaskId NewTaskId() => TaskId.Parse("task-0" + Hex16());

    /// <inheritdoc/>
    public FileSystemId NewFileSystemId() => FileSystemId.Parse("fs-0" + Hex16());

    /// <inheritdoc/>
    public AssociationId NewAssociationId() => AssociationId.Parse("dra-0" + Hex16());

    /// <inheritdoc/>
    public Guid NewRequestId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);

        // Version 4 and variant 10 (RFC 9562, section 5.4).
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0f));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3f));
        return new Guid(bytes, bigEndian: true);
    }

    private static string Hex16() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
