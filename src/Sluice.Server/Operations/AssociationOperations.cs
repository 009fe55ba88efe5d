using Sluice.Catalog;
using Sluice.Core.Associations;
using Sluice.Core.Faults;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Core.Paths;
using Sluice.Core.Repositories;
using Sluice.Protocol.Shapes;
using Sluice.Repositories;
using Sluice.Server.Lifecycles;
using Association = Sluice.Core.Associations.DataRepositoryAssociation;

namespace Sluice.Server.Operations;

/// <summary>Create-, Update-, Delete- and DescribeDataRepositoryAssociation(s). Inputs have passed the model's constraints.</summary>
internal sealed class AssociationOperations(
    ICatalog catalog,
    IRepositoryResolver repositories,
    GuardChecks guards,
    ResourceSignals resources,
    Idempotency idempotency,
    Additions additions,
    AssociationShapes shapes,
    IIdSource ids,
    TimeProvider time)
{
    private const int MaxPage = 25;
    private const int MaxPerFileSystem = 8;
    private const int DefaultChunkMiB = 1024;

    /// <summary>Links a directory to a prefix, after proving that the bucket can be listed and written.</summary>
    public async Task<CreateDataRepositoryAssociationResponse> CreateAsync(
        CreateDataRepositoryAssociationRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is { } known)
        {
            var existing = await catalog.FindAssociationAsync(AssociationId.Parse(known), cancellationToken) ?? throw Faults.AssociationNotFound(known);
            return new CreateDataRepositoryAssociationResponse { Association = shapes.ToWire(existing) };
        }

        var association = await CheckAsync(request, cancellationToken);
        var added = await additions.AddAsync(
            context,
            request.ClientRequestToken,
            association.Id.Value,
            () => CheckOverlapsAsync(association, cancellationToken),
            token => catalog.TryAddAssociationAsync(association, token, cancellationToken),
            cancellationToken);
        switch (added)
        {
            case AddResult.TokenTaken:
                return await CreateAsync(request, context, cancellationToken);
            case AddResult.FileSystemGone:
                throw Faults.FileSystemNotFound(association.FileSystemId.Value);
            case AddResult.Added:
                break;
        }

        resources.Wake();
        return new CreateDataRepositoryAssociationResponse { Association = shapes.ToWire(association) };
    }

    /// <summary>Replaces chunk size and policies; with the id alone, checks the bucket again.</summary>
    public async Task<UpdateDataRepositoryAssociationResponse> UpdateAsync(
        UpdateDataRepositoryAssociationRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var id = AssociationId.Parse(request.AssociationId!);
        var current = await catalog.FindAssociationAsync(id, cancellationToken) ?? throw Faults.AssociationNotFound(id.Value);
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is not null)
            return new UpdateDataRepositoryAssociationResponse { Association = shapes.ToWire(current) };
        if (current.Lifecycle is not (AssociationLifecycle.Available or AssociationLifecycle.Misconfigured))
        {
            throw Faults.BadRequest(
                $"Data repository association '{id}' is {AssociationShapes.Word(current.Lifecycle)}; it has to be AVAILABLE or MISCONFIGURED.");
        }

        var updated = current with
        {
            Lifecycle = AssociationLifecycle.Updating,
            ImportedFileChunkSizeMiB = request.ImportedFileChunkSize ?? current.ImportedFileChunkSizeMiB,
            HasS3Configuration = request.S3 is not null || current.HasS3Configuration,
            AutoImportEvents = request.S3 is null ? current.AutoImportEvents : request.S3.AutoImportPolicy?.Events,
            AutoExportEvents = request.S3 is null ? current.AutoExportEvents : request.S3.AutoExportPolicy?.Events,
        };
        var token = idempotency.NewToken(context, request.ClientRequestToken, id.Value);
        if (!await catalog.TryUpdateAssociationAsync(updated, current.Lifecycle, token, cancellationToken))
            return await UpdateAsync(request, context, cancellationToken);
        resources.Wake();
        return new UpdateDataRepositoryAssociationResponse { Association = shapes.ToWire(updated) };
    }

    /// <summary>Unlinks; objects are never touched, files only with DeleteDataInFileSystem.</summary>
    public async Task<DeleteDataRepositoryAssociationResponse> DeleteAsync(
        DeleteDataRepositoryAssociationRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var id = AssociationId.Parse(request.AssociationId!);
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is not null) return Deleting(id, request);
        var current = await catalog.FindAssociationAsync(id, cancellationToken) ?? throw Faults.AssociationNotFound(id.Value);
        if (current.Lifecycle == AssociationLifecycle.Deleting) return Deleting(id, request);
        await CheckUnusedAsync(current, cancellationToken);
        var deleting = current with
        {
            Lifecycle = AssociationLifecycle.Deleting,
            DeleteDataInFileSystem = request.DeleteDataInFileSystem ?? false,
        };
        var token = idempotency.NewToken(context, request.ClientRequestToken, id.Value);
        if (!await catalog.TryUpdateAssociationAsync(deleting, current.Lifecycle, token, cancellationToken))
            return await DeleteAsync(request, context, cancellationToken);
        resources.Wake();
        return Deleting(id, request);
    }

    /// <summary>Describes associations by ids, filters, or all of them.</summary>
    public async Task<DescribeDataRepositoryAssociationsResponse> DescribeAsync(
        DescribeDataRepositoryAssociationsRequest request, CancellationToken cancellationToken)
    {
        var filter = FilterOf(request);
        var scope = PageScope.Of(
            request.AssociationIds, (request.Filters ?? []).Select(item => (item.Name, item.Values)), nameof(DescribeDataRepositoryAssociationsRequest));
        var page = Math.Min(request.MaxResults ?? MaxPage, MaxPage);
        var found = filter is null ? [] : await catalog.ListAssociationsAsync(filter, Paging.After(request.NextToken, scope), page + 1, cancellationToken);

        // Looked for after the listing: one removed in between is not found, instead of missing from the answer.
        foreach (var id in request.AssociationIds ?? [])
            _ = await catalog.FindAssociationAsync(AssociationId.Parse(id), cancellationToken) ?? throw Faults.AssociationNotFound(id);
        return new DescribeDataRepositoryAssociationsResponse
        {
            Associations = [.. found.Take(page).Select(shapes.ToWire)],
            NextToken = Paging.Next(found, page, scope, association => new PageCursor(association.CreationTime, association.Id.Value)),
        };
    }

    private static DeleteDataRepositoryAssociationResponse Deleting(AssociationId id, DeleteDataRepositoryAssociationRequest request) => new()
    {
        AssociationId = id.Value, Lifecycle = "DELETING", DeleteDataInFileSystem = request.DeleteDataInFileSystem ?? false,
    };

    private async Task<Association> CheckAsync(CreateDataRepositoryAssociationRequest request, CancellationToken cancellationToken)
    {
        var fileSystemId = FileSystemId.Parse(request.FileSystemId!);
        var fileSystem = await catalog.FindFileSystemAsync(fileSystemId, cancellationToken) ?? throw Faults.FileSystemNotFound(fileSystemId.Value);
        if (fileSystem.Lifecycle is FileSystemLifecycle.Deleting or FileSystemLifecycle.Failed)
            throw Faults.BadRequest($"File system '{fileSystemId}' is {FileSystemShapes.Word(fileSystem.Lifecycle)}.");
        LustreRules.CheckAllowsAssociations(fileSystem);
        if (request.BatchImportMetaDataOnCreate == true) guards.CheckGuarded(fileSystem);
        CheckDirectory(request.FileSystemPath);
        if (!RepositoryPath.TryParse(request.DataRepositoryPath, out var repository))
            throw Faults.BadRequest($"The DataRepositoryPath {Faults.Show(request.DataRepositoryPath)} is not valid; expected s3://bucket or s3://bucket/prefix.");
        await CheckBucketAsync(repository, cancellationToken);
        return new Association
        {
            Id = ids.NewAssociationId(),
            FileSystemId = fileSystemId,
            Lifecycle = AssociationLifecycle.Creating,
            FileSystemPath = request.FileSystemPath!,
            DataRepositoryPath = request.DataRepositoryPath!,
            BatchImportMetaDataOnCreate = request.BatchImportMetaDataOnCreate ?? false,
            ImportedFileChunkSizeMiB = request.ImportedFileChunkSize ?? DefaultChunkMiB,
            HasS3Configuration = request.S3 is not null,
            AutoImportEvents = request.S3?.AutoImportPolicy?.Events,
            AutoExportEvents = request.S3?.AutoExportPolicy?.Events,
            CreationTime = Instants.Now(time),
            Tags = TagRules.Check(request.Tags),
        };
    }

    private static void CheckDirectory(string? text)
    {
        if (text is null) throw Faults.BadRequest("FileSystemPath must be given for a Lustre file system.");
        if (!text.StartsWith('/')) throw Faults.BadRequest($"The FileSystemPath {Faults.Show(text)} is not valid; expected a leading slash.");
        if (FileSystemPath.TryParse(text) is null) throw Faults.BadRequest($"The FileSystemPath {Faults.Show(text)} is not valid: it contains '..'.");
    }

    private async Task CheckOverlapsAsync(Association association, CancellationToken cancellationToken)
    {
        var directory = FileSystemPath.TryParse(association.FileSystemPath)!;
        _ = RepositoryPath.TryParse(association.DataRepositoryPath, out var repository);
        var filter = new AssociationFilter { FileSystemIds = [[association.FileSystemId.Value]] };
        var others = await catalog.ListAssociationsAsync(filter, after: null, limit: 100, cancellationToken);
        if (others.Count >= MaxPerFileSystem) throw Faults.BadRequest("You have reached the maximum allowed DRAs for this filesystem.");
        foreach (var other in others)
        {
            if (FileSystemPath.TryParse(other.FileSystemPath)!.Overlaps(directory))
            {
                throw Faults.BadRequest(
                    $"The FileSystemPath {Faults.Show(directory.ToString())} overlaps {Faults.Show(other.FileSystemPath)} of association '{other.Id}'.");
            }

            if (RepositoryPath.TryParse(other.DataRepositoryPath, out var linked) && linked.Overlaps(repository))
            {
                throw Faults.BadRequest(
                    $"The DataRepositoryPath {Faults.Show(repository.ToString())} overlaps {Faults.Show(other.DataRepositoryPath)} of association '{other.Id}'.");
            }
        }
    }

    private async Task CheckBucketAsync(RepositoryPath repository, CancellationToken cancellationToken)
    {
        try
        {
            await repositories.Resolve(repository.Bucket).CheckAccessAsync(repository.Prefix, cancellationToken);
        }
        catch (RepositoryException e)
        {
            throw Faults.BadRequest(
                "Amazon FSx is unable to validate access to the S3 bucket. Ensure the IAM role or user you are using has s3:Get*, s3:List* and "
                + $"s3:PutObject permissions to the S3 bucket prefix. ({e.Message})");
        }
    }

    private async Task CheckUnusedAsync(Association association, CancellationToken cancellationToken)
    {
        foreach (var task in await catalog.ListUnendedTasksAsync(cancellationToken))
        {
            if (!TaskPaths.IsUsing(task, association)) continue;
            throw Faults.BadRequest(
                $"Data repository association '{association.Id}' is in use by task '{task.Id}', which is {TaskShapes.Word(task.Lifecycle)}.");
        }
    }

    /// <returns>Null when a filter can match nothing.</returns>
    private static AssociationFilter? FilterOf(DescribeDataRepositoryAssociationsRequest request)
    {
        var fileSystems = new List<IReadOnlyList<string>>();
        foreach (var filter in request.Filters ?? [])
        {
            if (filter.Name is null || filter.Values is not { Count: > 0 })
                throw Faults.BadRequest($"The filter {Faults.Show(filter.Name)} needs a Name and at least one value in Values.");
            switch (filter.Name)
            {
                case "file-system-id":
                    fileSystems.Add(filter.Values);
                    break;
                case "data-repository-type":
                    if (!filter.Values.All(value => value is "S3" or "NFS"))
                        throw new FsxFault(FaultCode.InvalidDataRepositoryType, $"The data-repository-type {Faults.Show(filter.Values[0])} is not one of S3, NFS.");
                    if (!filter.Values.Contains("S3")) return null;
                    break;
                case "file-system-type":
                    if (!filter.Values.Contains("LUSTRE")) return null;
                    break;
                default:
                    // file-cache-id and names of other resources: no association here has them.
                    return null;
            }
        }

        return new AssociationFilter { Ids = request.AssociationIds is { Count: > 0 } ? request.AssociationIds : null, FileSystemIds = fileSystems };
    }
}
