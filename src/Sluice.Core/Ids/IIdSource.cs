namespace Sluice.Core.Ids;

/// <summary>Mints new ids. The only place where randomness becomes an identifier.</summary>
public interface IIdSource
{
    /// <summary>A new task id: <c>task-0</c> and 16 random hex digits, the form the real service uses.</summary>
    TaskId NewTaskId();

    /// <summary>A new file system id, <c>fs-0</c> and 16 random hex digits.</summary>
    FileSystemId NewFileSystemId();

    /// <summary>A new association id, <c>dra-0</c> and 16 random hex digits.</summary>
    AssociationId NewAssociationId();

    /// <summary>A random version 4 UUID, for request ids.</summary>
    Guid NewRequestId();
}
