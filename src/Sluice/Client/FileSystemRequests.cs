using Sluice.Protocol.Shapes;

namespace Sluice.CommandLine.Client;

/// <summary>CreateFileSystem with the members the API demands and Sluice only stores filled in.</summary>
internal static class FileSystemRequests
{
    /// <summary>Tag whose value is the directory that a file system adopts.</summary>
    public const string RootTag = "sluice:root";

    /// <summary>Storage capacity in GiB that is described when none is given; never enforced.</summary>
    public const int DefaultCapacityGiB = 1200;

    /// <summary>A request for a file system over <paramref name="root"/>; null: a new directory of the server's.</summary>
    public static CreateFileSystemRequest Create(string? root, int capacityGiB, IEnumerable<Tag>? tags)
    {
        var all = new List<Tag>(tags ?? []);
        if (root is not null) all.Add(new Tag { Key = RootTag, Value = root });
        return new CreateFileSystemRequest
        {
            ClientRequestToken = Tokens.New(),
            FileSystemType = "LUSTRE",
            FileSystemTypeVersion = "2.15",
            StorageCapacity = capacityGiB,
            SubnetIds = ["subnet-00000000000000000"],
            LustreConfiguration = new CreateFileSystemLustreConfiguration { DeploymentType = "SCRATCH_2" },
            Tags = all.Count == 0 ? null : all,
        };
    }
}
