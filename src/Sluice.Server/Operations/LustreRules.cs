using Sluice.Core.Faults;
using Sluice.Protocol.Shapes;

namespace Sluice.Server.Operations;

/// <summary>What the service demands of a Lustre file system beyond the model's constraints (FSx for Lustre user guide and API reference,
/// CreateFileSystem and CreateFileSystemLustreConfiguration).</summary>
internal static class LustreRules
{
    public const string Scratch1 = "SCRATCH_1";
    public const string DefaultDeploymentType = Scratch1;

    private const string Scratch2 = "SCRATCH_2";
    private const string Persistent1 = "PERSISTENT_1";
    private const string Persistent2 = "PERSISTENT_2";
    private const string Hdd = "HDD";
    private const string IntelligentTiering = "INTELLIGENT_TIERING";

    private static readonly string[] Versions = ["2.10", "2.12", "2.15"];

    public static string DefaultVersion(string deployment, CreateFileSystemLustreConfiguration lustre) =>
        deployment != Persistent2 ? "2.10" : lustre.MetadataConfiguration?.Mode is null ? "2.12" : "2.15";

    /// <summary>Checks a create request; throws the fault of the first rule it breaks.</summary>
    public static void CheckCreate(CreateFileSystemRequest request)
    {
        if (request.FileSystemType != "LUSTRE")
            throw Faults.BadRequest($"The FileSystemType {Faults.Show(request.FileSystemType)} is not supported; expected 'LUSTRE'.");
        if (request.SubnetIds is not { Count: 1 })
            throw Faults.BadRequest($"A Lustre file system needs exactly one subnet in SubnetIds; {request.SubnetIds?.Count ?? 0} were given.");
        if (request.NetworkType is "DUAL") throw Faults.BadRequest("The NetworkType 'DUAL' is not supported for a Lustre file system; expected 'IPV4'.");
        var lustre = request.LustreConfiguration ?? new CreateFileSystemLustreConfiguration();
        var deployment = lustre.DeploymentType ?? DefaultDeploymentType;
        var storage = request.StorageType ?? "SSD";
        CheckVersion(request.FileSystemTypeVersion, deployment);
        CheckLegacyLink(lustre, deployment);
        CheckStorage(storage, deployment, lustre);
        CheckCapacity(request.StorageCapacity, storage, deployment, lustre);
        CheckThroughput(storage, deployment, lustre);
        CheckPersistentOnly(request, deployment, lustre);
        CheckLog(lustre.LogConfiguration);
    }

    /// <summary>Checks an update request against what the file system is.</summary>
    public static void CheckUpdate(UpdateFileSystemRequest request, FileSystem current)
    {
        if (request.StorageType is not null) throw Faults.BadRequest("StorageType can't be changed for a Lustre file system.");
        if (request.NetworkType is not null) throw Faults.BadRequest("NetworkType can't be changed for a Lustre file system.");
        if (request.LustreConfiguration?.AutoImportPolicy is not null)
            throw Faults.BadRequest("AutoImportPolicy is only for file systems linked when they were created; use a data repository association.");
        if (request.StorageCapacity is { } capacity && current.StorageCapacity is { } before)
        {
            if (capacity <= before) throw Faults.BadRequest($"StorageCapacity {capacity} is not greater than the present {before} GiB.");
            if (capacity % 2400 != 0) throw Faults.BadRequest($"StorageCapacity {capacity} is not valid; expected a multiple of 2400 GiB.");
        }

        if (request.FileSystemTypeVersion is { } version)
        {
            var to = Array.IndexOf(Versions, version);
            if (to < 1 || to < Array.IndexOf(Versions, current.FileSystemTypeVersion))
                throw Faults.BadRequest($"FileSystemTypeVersion {Faults.Show(version)} is not valid; it can only be raised, to '2.12' or '2.15'.");
        }

        if (request.LustreConfiguration?.PerUnitStorageThroughput is not null
            && (current.StorageType == Hdd || current.LustreConfiguration!.DeploymentType is Scratch1 or Scratch2))
        {
            throw Faults.BadRequest("PerUnitStorageThroughput can only be changed for PERSISTENT_1 and PERSISTENT_2 file systems with SSD storage.");
        }

        CheckLog(request.LustreConfiguration?.LogConfiguration);
    }

    /// <summary>Whether a file system may have data repository associations.</summary>
    public static void CheckAllowsAssociations(Core.FileSystems.FileSystem fileSystem)
    {
        var settings = FileSystemShapes.ReadSettings(fileSystem);
        var lustre = settings.LustreConfiguration!;
        if (lustre.DeploymentType == Scratch1)
            throw Faults.Unsupported($"File system '{fileSystem.Id}' is of deployment type SCRATCH_1, which has no data repository associations.");
        if (settings.FileSystemTypeVersion == "2.10")
        {
            throw Faults.Unsupported(
                $"File system '{fileSystem.Id}' has version 2.10, which has no data repository associations; update FileSystemTypeVersion to 2.12 or 2.15.");
        }

        if (settings.StorageType == IntelligentTiering)
            throw Faults.Unsupported($"File system '{fileSystem.Id}' is of storage type INTELLIGENT_TIERING, which has no data repository associations.");
        if (lustre.AutomaticBackupRetentionDays > 0)
            throw Faults.Unsupported($"File system '{fileSystem.Id}' has automatic backups, which exclude data repository associations.");
    }

    /// <summary>Refuses a release on version 2.10, which a file system has that was made without a version and is not PERSISTENT_2. It can't be linked
    /// either, for the same reason and with the same remedy.</summary>
    public static void CheckAllowsRelease(Core.FileSystems.FileSystem fileSystem)
    {
        if (FileSystemShapes.ReadSettings(fileSystem).FileSystemTypeVersion != "2.10") return;
        throw Faults.Unsupported($"File system '{fileSystem.Id}' has version 2.10, which can't release data; update FileSystemTypeVersion to 2.12 or 2.15.");
    }

    private static void CheckVersion(string? version, string deployment)
    {
        if (version is null) return;
        if (!Versions.Contains(version))
            throw Faults.BadRequest($"FileSystemTypeVersion {Faults.Show(version)} is not valid; expected one of 2.10, 2.12, 2.15.");
        if (deployment == Persistent2 && version == "2.10")
            throw Faults.BadRequest("FileSystemTypeVersion '2.10' is not valid for PERSISTENT_2; expected 2.12 or 2.15.");
    }

    private static void CheckLegacyLink(CreateFileSystemLustreConfiguration lustre, string deployment)
    {
        var isLinked = lustre.ImportPath is not null || lustre.ExportPath is not null || lustre.AutoImportPolicy is not null
            || lustre.ImportedFileChunkSize is not null;
        if (!isLinked) return;
        throw Faults.BadRequest(deployment == Persistent2
            ? "Linking a Persistent 2 file system to a data repository through LustreConfiguration is not supported; use CreateDataRepositoryAssociation."
            : "Linking a file system through ImportPath and ExportPath is not supported by this server; use CreateDataRepositoryAssociation.");
    }

    private static void CheckStorage(string storage, string deployment, CreateFileSystemLustreConfiguration lustre)
    {
        if (storage == Hdd && deployment != Persistent1) throw Faults.BadRequest("StorageType 'HDD' needs DeploymentType 'PERSISTENT_1'.");
        if (storage == Hdd != (lustre.DriveCacheType is not null))
            throw Faults.BadRequest("DriveCacheType is required with StorageType 'HDD' and not allowed with any other.");
        if (storage != IntelligentTiering)
        {
            if (lustre.ThroughputCapacity is not null || lustre.DataReadCacheConfiguration is not null)
                throw Faults.BadRequest("ThroughputCapacity and DataReadCacheConfiguration need StorageType 'INTELLIGENT_TIERING'.");
            return;
        }

        if (deployment != Persistent2) throw Faults.BadRequest("StorageType 'INTELLIGENT_TIERING' needs DeploymentType 'PERSISTENT_2'.");
        if (lustre.DataReadCacheConfiguration is null) throw Faults.BadRequest("DataReadCacheConfiguration is required with StorageType 'INTELLIGENT_TIERING'.");
        if (lustre.ThroughputCapacity is not { } throughput || throughput % 4000 != 0)
            throw Faults.BadRequest("ThroughputCapacity must be a multiple of 4000 with StorageType 'INTELLIGENT_TIERING'.");
    }

    private static void CheckCapacity(int? capacity, string storage, string deployment, CreateFileSystemLustreConfiguration lustre)
    {
        if (storage == IntelligentTiering)
        {
            if (capacity is not null) throw Faults.BadRequest("StorageCapacity is not allowed with StorageType 'INTELLIGENT_TIERING'.");
            return;
        }

        if (capacity is not { } gib)
            throw Faults.BadRequest("1 validation error detected: Value null at 'storageCapacity' failed to satisfy constraint: Member must not be null");
        var step = storage == Hdd ? (lustre.PerUnitStorageThroughput == 40 ? 1800 : 6000) : deployment == Scratch1 ? 3600 : 2400;
        var isSmall = storage != Hdd && gib is 1200 or 2400;
        if (!isSmall && (gib <= 0 || gib % step != 0))
        {
            throw Faults.BadRequest(
                $"StorageCapacity {gib} is not valid for {deployment} with {storage} storage; expected "
                + (storage == Hdd ? $"a multiple of {step} GiB." : $"1200, 2400 or a multiple of {step} GiB."));
        }
    }

    private static void CheckThroughput(string storage, string deployment, CreateFileSystemLustreConfiguration lustre)
    {
        int[] allowed = (deployment, storage) switch
        {
            (_, IntelligentTiering) => [],
            (Persistent1, Hdd) => [12, 40],
            (Persistent1, _) => [50, 100, 200],
            (Persistent2, _) => [125, 250, 500, 1000],
            _ => [],
        };
        var isValid = lustre.PerUnitStorageThroughput is { } value ? allowed.Contains(value) : allowed.Length == 0;
        if (isValid) return;
        throw new FsxFault(
            FaultCode.InvalidPerUnitStorageThroughput,
            "Invalid Lustre deployment configuration: the provided throughput is invalid or does not meet the storage capacity requirement; expected "
            + (allowed.Length == 0 ? "none" : string.Join(", ", allowed)) + $" MB/s/TiB for {deployment}.");
    }

    private static void CheckPersistentOnly(CreateFileSystemRequest request, string deployment, CreateFileSystemLustreConfiguration lustre)
    {
        if (deployment is Persistent1 or Persistent2)
        {
            if (deployment == Persistent1 && lustre.MetadataConfiguration is not null)
                throw Faults.BadRequest("MetadataConfiguration needs DeploymentType 'PERSISTENT_2'.");
            return;
        }

        if (request.KmsKeyId is not null) throw Faults.BadRequest($"KmsKeyId is not allowed with DeploymentType '{deployment}'.");
        if (lustre.MetadataConfiguration is not null) throw Faults.BadRequest("MetadataConfiguration needs DeploymentType 'PERSISTENT_2'.");
        if (lustre.AutomaticBackupRetentionDays > 0 || lustre.DailyAutomaticBackupStartTime is not null)
            throw Faults.BadRequest($"Automatic backups are not supported with DeploymentType '{deployment}'.");
    }

    private static void CheckLog(LustreLogCreateConfiguration? log)
    {
        if (log is { Level: "DISABLED", Destination: not null })
            throw Faults.BadRequest("LogConfiguration.Destination must not be given with Level 'DISABLED'.");
    }
}
