using System.Text.RegularExpressions;
using Sluice.Core.Faults;
using Sluice.Core.Ids;

namespace Sluice.Server.Operations;

/// <summary>Amazon Resource Names of our resources, made and taken apart.</summary>
internal sealed partial class Arns(ServerOptions options)
{
    private readonly string _start = $"arn:{options.Partition}:fsx:{options.Region}:{options.AccountId}:";

    public string Of(TaskId id) => $"{_start}task/{id}";

    public string Of(FileSystemId id) => $"{_start}file-system/{id}";

    public string Of(FileSystemId fileSystemId, AssociationId id) => $"{_start}association/{fileSystemId}/{id}";

    /// <summary>Kind and id of the resource an ARN names.</summary>
    /// <exception cref="FsxFault">NotServiceResourceError, ResourceDoesNotSupportTagging or ResourceNotFound, each with the ARN.</exception>
    public (ResourceKind Kind, string Id) Parse(string arn)
    {
        if (!ServiceArn().IsMatch(arn)) throw Fault(FaultCode.NotServiceResourceError, $"The ARN '{arn}' is not one of Amazon FSx.", arn);
        if (!arn.StartsWith(_start, StringComparison.Ordinal)) throw NotFound(arn);
        var parts = arn[_start.Length..].Split('/');
        return parts switch
        {
            ["task", var id] => (ResourceKind.Task, id),
            ["file-system", var id] => (ResourceKind.FileSystem, id),
            ["association", _, var id] => (ResourceKind.Association, id),
            ["backup" or "snapshot" or "volume" or "storage-virtual-machine" or "file-cache", ..] => throw NotFound(arn),
            _ => throw Fault(FaultCode.ResourceDoesNotSupportTagging, $"The resource '{arn}' can't be tagged.", arn),
        };
    }

    public static FsxFault NotFound(string arn) => Fault(FaultCode.ResourceNotFound, $"The resource '{arn}' does not exist.", arn);

    private static FsxFault Fault(FaultCode code, string message, string arn) =>
        new(code, message) { Members = new Dictionary<string, string> { ["ResourceARN"] = arn } };

    [GeneratedRegex("^arn:[^:]+:fsx:")]
    private static partial Regex ServiceArn();
}

/// <summary>Kinds of resources that carry tags.</summary>
internal enum ResourceKind
{
    /// <summary>A task.</summary>
    Task,

    /// <summary>A file system.</summary>
    FileSystem,

    /// <summary>An association.</summary>
    Association,
}
