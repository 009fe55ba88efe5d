using System.Text;
using System.Text.Json;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>An adopted file system with some files, linked to a bucket, with one export that has ended.</summary>
internal sealed record LinkedSystem(string FileSystemId, string AssociationId, string TaskId, string Arn, string Root)
{
    /// <summary>Makes one.</summary>
    public static async Task<LinkedSystem> MakeAsync(EdgeServer edge, string name, CancellationToken cancellationToken)
    {
        var root = Directory.CreateDirectory(edge.Temp[name]).FullName;
        await File.WriteAllTextAsync(Path.Combine(root, "file"), "content", cancellationToken);
        using var client = new TaskClient(edge.Server.Url, edge.Server.Credentials.AccessKeyId, edge.Server.Credentials.SecretAccessKey);
        await client.LinkAsync(root, $"s3://bucket-1/{name}", cancellationToken);
        var task = await client.RunAsync(TaskTypes.Export, [], cancellationToken);
        var arn = Text(await DescribeAsync(edge, FsxOperations.DescribeFileSystems.Info, cancellationToken), "FileSystems", "ResourceARN");
        var association = Text(await DescribeAsync(edge, FsxOperations.DescribeDataRepositoryAssociations.Info, cancellationToken), "Associations", "AssociationId");
        return new(client.FileSystemId, association, task.TaskId!, arn, root);
    }

    /// <summary>Everything the API tells of everything there is.</summary>
    public static async Task<string> SnapshotAsync(EdgeServer edge, CancellationToken cancellationToken)
    {
        OperationInfo[] describing = [FsxOperations.DescribeFileSystems.Info, FsxOperations.DescribeDataRepositoryAssociations.Info, SluiceOperations.DescribeTasks.Info];
        var text = new StringBuilder();
        foreach (var operation in describing) text.Append(await DescribeAsync(edge, operation, cancellationToken)).Append('\n');
        return text.AppendJoin('\n', Directory.EnumerateFileSystemEntries(edge.Temp.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)).ToString();
    }

    private static async Task<string> DescribeAsync(EdgeServer edge, OperationInfo operation, CancellationToken cancellationToken)
    {
        var (answer, code) = await edge.AskAsync(edge.Administrator().Signed(operation.Target, "{}"u8.ToArray()), cancellationToken);
        Assert.Null(code);
        return Encoding.UTF8.GetString(answer.Body);
    }

    private static string Text(string answer, string list, string member)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty(list)[0].GetProperty(member).GetString()!;
    }
}
