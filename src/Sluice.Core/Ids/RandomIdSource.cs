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
    public Guid NewRequestId() => new(RandomNumberGenerator.GetBytes(16));

    private static string Hex16() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
