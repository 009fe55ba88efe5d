using System.Globalization;
using System.Text;
using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>Requests that people make, so that the others find file systems, associations and tasks in all their states.</summary>
internal sealed class FuzzUsual(KnownIds ids, IReadOnlyList<string> roots)
{
    private const string Report = "\"Report\":{\"Enabled\":false}";

    /// <summary>An operation and its input.</summary>
    public (OperationInfo Operation, byte[] Body) Next(Random random)
    {
        var (info, text) = random.Next(9) switch
        {
            0 => (FsxOperations.CreateFileSystem.Info, FileSystem(random)),
            1 or 2 => (FsxOperations.CreateDataRepositoryAssociation.Info, Association(random)),
            3 or 4 => (FsxOperations.CreateDataRepositoryTask.Info, $"{{\"FileSystemId\":\"{Id("FileSystemId", random)}\",\"Type\":\"EXPORT_TO_REPOSITORY\",\"Paths\":[\"/d{random.Next(30)}\"],{Report}}}"),
            5 => (FsxOperations.CancelDataRepositoryTask.Info, $"{{\"TaskId\":\"{Id("TaskId", random)}\"}}"),
            6 => (FsxOperations.DeleteDataRepositoryAssociation.Info, $"{{\"AssociationId\":\"{Id("AssociationId", random)}\",\"DeleteDataInFileSystem\":{(random.Next(2) == 0 ? "true" : "false")}}}"),
            7 => (FsxOperations.DeleteFileSystem.Info, $"{{\"FileSystemId\":\"{Id("FileSystemId", random)}\"}}"),
            _ => (Of([FsxOperations.DescribeFileSystems.Info, FsxOperations.DescribeDataRepositoryAssociations.Info, FsxOperations.DescribeDataRepositoryTasks.Info], random), "{\"MaxResults\":3}"),
        };
        return (info, Encoding.UTF8.GetBytes(text));
    }

    private string FileSystem(Random random)
    {
        var root = random.Next(3) == 0 ? $",\"Tags\":[{{\"Key\":\"sluice:root\",\"Value\":{Encoding.UTF8.GetString(FuzzValues.Text(Of(roots, random)))}}}]" : "";
        return "{\"FileSystemType\":\"LUSTRE\",\"FileSystemTypeVersion\":\"2.15\",\"StorageCapacity\":1200,\"SubnetIds\":[\"subnet-0123456789abcdef0\"],"
            + $"\"LustreConfiguration\":{{\"DeploymentType\":\"SCRATCH_2\"}}{root}}}";
    }

    private string Association(Random random)
    {
        var number = random.Next(30).ToString(CultureInfo.InvariantCulture);
        return $"{{\"FileSystemId\":\"{Id("FileSystemId", random)}\",\"FileSystemPath\":\"/d{number}\",\"DataRepositoryPath\":\"s3://bucket-1/p{number}\"}}";
    }

    private string Id(string member, Random random) => ids.Pick(member, random) ?? "none";

    private static T Of<T>(IReadOnlyList<T> values, Random random) => values[random.Next(values.Count)];
}
