using System.Text;
using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge;

/// <summary>For each operation of the model and of Sluice's own an input that has an effect, or an answer that tells something, when it is let through.</summary>
internal sealed class OperationSamples(LinkedSystem system)
{
    /// <summary>Every operation a request can name.</summary>
    public static IReadOnlyList<OperationInfo> All { get; } = [.. OperationTable.All, .. SluiceOperations.All];

    /// <summary>An operation's input.</summary>
    public byte[] BodyOf(OperationInfo operation) => Encoding.UTF8.GetBytes(operation.Name switch
    {
        "CreateFileSystem" => """
            {"FileSystemType":"LUSTRE","FileSystemTypeVersion":"2.15","StorageCapacity":1200,"SubnetIds":["subnet-0123456789abcdef0"],
             "LustreConfiguration":{"DeploymentType":"SCRATCH_2"}}
            """,
        "UpdateFileSystem" => $$"""{"FileSystemId":"{{system.FileSystemId}}","StorageCapacity":2400}""",
        "DeleteFileSystem" => $$"""{"FileSystemId":"{{system.FileSystemId}}"}""",
        "CreateDataRepositoryAssociation" => $$"""{"FileSystemId":"{{system.FileSystemId}}","FileSystemPath":"/other","DataRepositoryPath":"s3://bucket-2/other"}""",
        "UpdateDataRepositoryAssociation" => $$"""{"AssociationId":"{{system.AssociationId}}","ImportedFileChunkSize":7}""",
        "DeleteDataRepositoryAssociation" => $$"""{"AssociationId":"{{system.AssociationId}}","DeleteDataInFileSystem":true}""",
        "CreateDataRepositoryTask" => $$$"""{"FileSystemId":"{{{system.FileSystemId}}}","Type":"EXPORT_TO_REPOSITORY","Report":{"Enabled":false}}""",
        "CreateRestoreTask" => $$"""{"FileSystemId":"{{system.FileSystemId}}"}""",
        "CancelDataRepositoryTask" => $$"""{"TaskId":"{{system.TaskId}}"}""",
        "TagResource" => $$"""{"ResourceARN":"{{system.Arn}}","Tags":[{"Key":"k","Value":"v"}]}""",
        "UntagResource" => $$"""{"ResourceARN":"{{system.Arn}}","TagKeys":["sluice:root"]}""",
        "ListTagsForResource" => $$"""{"ResourceARN":"{{system.Arn}}"}""",
        "ResolvePaths" => $$"""{"Paths":["{{system.Root}}"]}""",
        _ => "{}",
    });
}
