namespace Sluice.Core.Faults;

/// <summary>The modelled errors of the operations in scope (Smithy error names, one to one).</summary>
public enum FaultCode
{
    /// <summary>A generic client fault, and every constraint violation.</summary>
    BadRequest,

    /// <summary>Not supported for this resource or API.</summary>
    UnsupportedOperation,

    /// <summary>No such file system.</summary>
    FileSystemNotFound,

    /// <summary>No such file cache.</summary>
    FileCacheNotFound,

    /// <summary>No such task.</summary>
    DataRepositoryTaskNotFound,

    /// <summary>The task has ended; it can't be canceled.</summary>
    DataRepositoryTaskEnded,

    /// <summary>The same task is already under way.</summary>
    DataRepositoryTaskExecuting,

    /// <summary>No such association.</summary>
    DataRepositoryAssociationNotFound,

    /// <summary>A filter names a repository type that does not exist.</summary>
    InvalidDataRepositoryType,

    /// <summary>The same ClientRequestToken with other parameters; member <c>Parameter</c>.</summary>
    IncompatibleParameterError,

    /// <summary>A quota; member <c>Limit</c>.</summary>
    ServiceLimitExceeded,

    /// <summary>A fault of the server; retryable.</summary>
    InternalServerError,

    /// <summary>The block with the configuration of this type is missing.</summary>
    MissingFileSystemConfiguration,

    /// <summary>The import path of a legacy link is unusable.</summary>
    InvalidImportPath,

    /// <summary>The export path of a legacy link is unusable.</summary>
    InvalidExportPath,

    /// <summary>The throughput per unit of storage does not fit the deployment type.</summary>
    InvalidPerUnitStorageThroughput,

    /// <summary>Subnets or security groups are unusable.</summary>
    InvalidNetworkSettings,

    /// <summary>The ARN is one of ours but nothing is there; member <c>ResourceARN</c>.</summary>
    ResourceNotFound,

    /// <summary>The ARN is not one of this service; member <c>ResourceARN</c>.</summary>
    NotServiceResourceError,

    /// <summary>This kind of resource has no tags; member <c>ResourceARN</c>.</summary>
    ResourceDoesNotSupportTagging,
}
