using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Protocol.Shapes;
using WireFileSystem = Sluice.Protocol.Shapes.FileSystem;

namespace Sluice.Server.Operations;

/// <summary>File systems between the catalog and the wire. The settings column is the wire's own shape, with only what a caller configured and what
/// is made up once: network members are synthetic and stable.</summary>
internal sealed class FileSystemShapes(Arns arns, ServerOptions options)
{
    public static string Word(FileSystemLifecycle lifecycle) => lifecycle switch
    {
        FileSystemLifecycle.Creating => "CREATING",
        FileSystemLifecycle.Available => "AVAILABLE",
        FileSystemLifecycle.Updating => "UPDATING",
        FileSystemLifecycle.Deleting => "DELETING",
        FileSystemLifecycle.Failed => "FAILED",
        FileSystemLifecycle.Misconfigured => "MISCONFIGURED",
    };

    public static WireFileSystem ReadSettings(Core.FileSystems.FileSystem fileSystem) =>
        JsonSerializer.Deserialize(fileSystem.Settings, FsxJsonContext.Default.FileSystem)!;

    public static string WriteSettings(WireFileSystem settings) => JsonSerializer.Serialize(settings, FsxJsonContext.Default.FileSystem);

    public WireFileSystem ToWire(Core.FileSystems.FileSystem fileSystem) => ReadSettings(fileSystem) with
    {
        OwnerId = options.AccountId,
        CreationTime = fileSystem.CreationTime,
        FileSystemId = fileSystem.Id.Value,
        FileSystemType = "LUSTRE",
        Lifecycle = Word(fileSystem.Lifecycle),
        FailureDetails = fileSystem.FailureMessage is { } message ? new FileSystemFailureDetails { Message = message } : null,
        DNSName = $"{fileSystem.Id}.fsx.{options.Region}.{options.DnsSuffix}",
        ResourceARN = arns.Of(fileSystem.Id),
        Tags = TagRules.ToWire(fileSystem.Tags),
    };

    /// <summary>What a create request configures, with the service's defaults.</summary>
    public static WireFileSystem SettingsOf(CreateFileSystemRequest request, FileSystemId id)
    {
        var lustre = request.LustreConfiguration ?? new CreateFileSystemLustreConfiguration();
        var deployment = lustre.DeploymentType ?? LustreRules.DefaultDeploymentType;
        return new WireFileSystem
        {
            StorageCapacity = request.StorageCapacity,
            StorageType = request.StorageType ?? "SSD",
            VpcId = "vpc-" + Digits(id, "vpc"),
            SubnetIds = request.SubnetIds,
            NetworkInterfaceIds = ["eni-" + Digits(id, "eni0"), "eni-" + Digits(id, "eni1")],
            KmsKeyId = request.KmsKeyId,
            FileSystemTypeVersion = request.FileSystemTypeVersion ?? LustreRules.DefaultVersion(deployment, lustre),
            LustreConfiguration = new LustreFileSystemConfiguration
            {
                WeeklyMaintenanceStartTime = lustre.WeeklyMaintenanceStartTime ?? "1:00:00",
                DeploymentType = deployment,
                PerUnitStorageThroughput = lustre.PerUnitStorageThroughput,
                MountName = deployment == LustreRules.Scratch1 ? "fsx" : Digits(id, "mount")[..8],
                DailyAutomaticBackupStartTime = lustre.DailyAutomaticBackupStartTime,
                AutomaticBackupRetentionDays = lustre.AutomaticBackupRetentionDays ?? 0,
                CopyTagsToBackups = lustre.CopyTagsToBackups ?? false,
                DriveCacheType = lustre.DriveCacheType,
                DataCompressionType = lustre.DataCompressionType ?? "NONE",
                LogConfiguration = Log(lustre.LogConfiguration),
                RootSquashConfiguration = lustre.RootSquashConfiguration,
                MetadataConfiguration = lustre.MetadataConfiguration is { } metadata
                    ? new FileSystemLustreMetadataConfiguration { Iops = metadata.Iops, Mode = metadata.Mode }
                    : null,
                EfaEnabled = lustre.EfaEnabled ?? false,
                ThroughputCapacity = lustre.ThroughputCapacity,
                DataReadCacheConfiguration = lustre.DataReadCacheConfiguration,
            },
        };
    }

    /// <summary>The settings after an update; members that are not given keep their values.</summary>
    public static WireFileSystem Change(WireFileSystem settings, UpdateFileSystemRequest request)
    {
        var lustre = settings.LustreConfiguration!;
        var change = request.LustreConfiguration ?? new UpdateFileSystemLustreConfiguration();
        return settings with
        {
            StorageCapacity = request.StorageCapacity ?? settings.StorageCapacity,
            FileSystemTypeVersion = request.FileSystemTypeVersion ?? settings.FileSystemTypeVersion,
            LustreConfiguration = lustre with
            {
                WeeklyMaintenanceStartTime = change.WeeklyMaintenanceStartTime ?? lustre.WeeklyMaintenanceStartTime,
                DailyAutomaticBackupStartTime = change.DailyAutomaticBackupStartTime ?? lustre.DailyAutomaticBackupStartTime,
                AutomaticBackupRetentionDays = change.AutomaticBackupRetentionDays ?? lustre.AutomaticBackupRetentionDays,
                DataCompressionType = change.DataCompressionType ?? lustre.DataCompressionType,
                LogConfiguration = change.LogConfiguration is null ? lustre.LogConfiguration : Log(change.LogConfiguration),
                RootSquashConfiguration = change.RootSquashConfiguration ?? lustre.RootSquashConfiguration,
                PerUnitStorageThroughput = change.PerUnitStorageThroughput ?? lustre.PerUnitStorageThroughput,
                MetadataConfiguration = change.MetadataConfiguration is { } metadata
                    ? new FileSystemLustreMetadataConfiguration
                    {
                        Iops = metadata.Iops ?? lustre.MetadataConfiguration?.Iops, Mode = metadata.Mode ?? lustre.MetadataConfiguration?.Mode,
                    }
                    : lustre.MetadataConfiguration,
                ThroughputCapacity = change.ThroughputCapacity ?? lustre.ThroughputCapacity,
                DataReadCacheConfiguration = change.DataReadCacheConfiguration ?? lustre.DataReadCacheConfiguration,
            },
        };
    }

    private static LustreLogConfiguration Log(LustreLogCreateConfiguration? log) =>
        new() { Level = log?.Level ?? "DISABLED", Destination = log?.Destination };

    private static string Digits(FileSystemId id, string purpose) =>
        "0" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{id}/{purpose}")).AsSpan(0, 8));
}
