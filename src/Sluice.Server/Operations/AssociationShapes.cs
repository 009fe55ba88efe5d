using Sluice.Core.Associations;
using Sluice.Protocol.Shapes;
using Association = Sluice.Core.Associations.DataRepositoryAssociation;

namespace Sluice.Server.Operations;

/// <summary>Associations from the catalog to the wire.</summary>
internal sealed class AssociationShapes(Arns arns)
{
    public static string Word(AssociationLifecycle lifecycle) => lifecycle switch
    {
        AssociationLifecycle.Creating => "CREATING",
        AssociationLifecycle.Available => "AVAILABLE",
        AssociationLifecycle.Misconfigured => "MISCONFIGURED",
        AssociationLifecycle.Updating => "UPDATING",
        AssociationLifecycle.Deleting => "DELETING",
        AssociationLifecycle.Failed => "FAILED",
    };

    public Protocol.Shapes.DataRepositoryAssociation ToWire(Association association) => new()
    {
        AssociationId = association.Id.Value,
        ResourceARN = arns.Of(association.FileSystemId, association.Id),
        FileSystemId = association.FileSystemId.Value,
        Lifecycle = Word(association.Lifecycle),
        FailureDetails = association.FailureMessage is { } message ? new DataRepositoryFailureDetails { Message = message } : null,
        FileSystemPath = association.FileSystemPath,
        DataRepositoryPath = association.DataRepositoryPath,
        BatchImportMetaDataOnCreate = association.BatchImportMetaDataOnCreate,
        ImportedFileChunkSize = association.ImportedFileChunkSizeMiB,
        S3 = association.HasS3Configuration ? PoliciesOf(association) : null,
        Tags = TagRules.ToWire(association.Tags),
        CreationTime = association.CreationTime,
    };

    private static S3DataRepositoryConfiguration PoliciesOf(Association association) => new()
    {
        AutoImportPolicy = association.AutoImportEvents is { } import ? new AutoImportPolicy { Events = import } : null,
        AutoExportPolicy = association.AutoExportEvents is { } export ? new AutoExportPolicy { Events = export } : null,
    };
}
