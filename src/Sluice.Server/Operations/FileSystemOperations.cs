using Sluice.Catalog;
using Sluice.Core.FileSystems;
using Sluice.Core.Ids;
using Sluice.Protocol.Shapes;
using Sluice.Server.Lifecycles;
using FileSystem = Sluice.Core.FileSystems.FileSystem;

namespace Sluice.Server.Operations;

/// <summary>CreateFileSystem, DescribeFileSystems, UpdateFileSystem, DeleteFileSystem. Inputs have passed the model's constraints.</summary>
internal sealed class FileSystemOperations(
    ICatalog catalog,
    ResourceSignals resources,
    RootDirectories roots,
    Idempotency idempotency,
    Additions additions,
    FileSystemShapes shapes,
    IIdSource ids,
    TimeProvider time)
{
    private const int MaxPage = 50;
    private const int MaxActions = 10;

    /// <summary>Makes a file system over a new directory, or over an existing one named by the tag <c>sluice:root</c>.</summary>
    public async Task<CreateFileSystemResponse> CreateAsync(
        CreateFileSystemRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is { } known)
        {
            var existing = await catalog.FindFileSystemAsync(FileSystemId.Parse(known), cancellationToken) ?? throw Faults.FileSystemNotFound(known);
            return new CreateFileSystemResponse { FileSystem = shapes.ToWire(existing) };
        }

        LustreRules.CheckCreate(request);
        var tags = TagRules.Check(request.Tags);
        var id = ids.NewFileSystemId();
        var root = roots.Choose(id, tags);
        var fileSystem = new FileSystem
        {
            Id = id,
            Lifecycle = FileSystemLifecycle.Creating,
            RootPath = root.Path,
            Adopted = root.IsAdopted,
            Settings = FileSystemShapes.WriteSettings(FileSystemShapes.SettingsOf(request, id)),
            CreationTime = Instants.Now(time),
            Tags = tags,
        };
        var added = await additions.AddAsync(
            context,
            request.ClientRequestToken,
            id.Value,
            () => roots.CheckUnusedAsync(fileSystem, cancellationToken),
            async token => await catalog.TryAddFileSystemAsync(fileSystem, token, cancellationToken) ? AddResult.Added : AddResult.TokenTaken,
            cancellationToken);
        if (added == AddResult.TokenTaken) return await CreateAsync(request, context, cancellationToken);
        resources.Wake();
        return new CreateFileSystemResponse { FileSystem = shapes.ToWire(fileSystem) };
    }

    /// <summary>Describes file systems by ids or all of them.</summary>
    public async Task<DescribeFileSystemsResponse> DescribeAsync(DescribeFileSystemsRequest request, CancellationToken cancellationToken)
    {
        var scope = PageScope.Of(request.FileSystemIds, [], nameof(DescribeFileSystemsRequest));
        var after = Paging.After(request.NextToken, scope);
        if (request.FileSystemIds is { Count: > 0 } wanted)
        {
            var named = new List<FileSystem>();
            foreach (var id in wanted.Distinct(StringComparer.Ordinal))
                named.Add(await catalog.FindFileSystemAsync(FileSystemId.Parse(id), cancellationToken) ?? throw Faults.FileSystemNotFound(id));
            return new DescribeFileSystemsResponse { FileSystems = [.. named.Select(shapes.ToWire)] };
        }

        var page = Math.Min(request.MaxResults ?? MaxPage, MaxPage);
        var found = await catalog.ListFileSystemsAsync(after, page + 1, cancellationToken);
        return new DescribeFileSystemsResponse
        {
            FileSystems = [.. found.Take(page).Select(shapes.ToWire)],
            NextToken = Paging.Next(found, page, scope, fileSystem => new PageCursor(fileSystem.CreationTime, fileSystem.Id.Value)),
        };
    }

    /// <summary>Changes the description, recorded as an administrative action.</summary>
    public async Task<UpdateFileSystemResponse> UpdateAsync(
        UpdateFileSystemRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var id = FileSystemId.Parse(request.FileSystemId!);
        var current = await catalog.FindFileSystemAsync(id, cancellationToken) ?? throw Faults.FileSystemNotFound(id.Value);
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is not null)
            return new UpdateFileSystemResponse { FileSystem = shapes.ToWire(current) };
        if (current.Lifecycle != FileSystemLifecycle.Available)
            throw Faults.BadRequest($"File system '{id}' is {FileSystemShapes.Word(current.Lifecycle)}; it has to be AVAILABLE.");
        var settings = FileSystemShapes.ReadSettings(current);
        LustreRules.CheckUpdate(request, settings);
        var action = new AdministrativeAction
        {
            AdministrativeActionType = "FILE_SYSTEM_UPDATE",
            RequestTime = Instants.Now(time),
            Status = "PENDING",
            TargetFileSystemValues = Target(request),
        };
        var changed = FileSystemShapes.Change(settings, request) with
        {
            AdministrativeActions = [action, .. (settings.AdministrativeActions ?? []).Take(MaxActions - 1)],
        };
        var updated = current with { Lifecycle = FileSystemLifecycle.Updating, Settings = FileSystemShapes.WriteSettings(changed) };
        var token = idempotency.NewToken(context, request.ClientRequestToken, id.Value);
        if (!await catalog.TryUpdateFileSystemAsync(updated, current.Lifecycle, token, cancellationToken))
            return await UpdateAsync(request, context, cancellationToken);
        resources.Wake();
        return new UpdateFileSystemResponse { FileSystem = shapes.ToWire(updated) };
    }

    /// <summary>Deletes a file system; refused while a task of it has not ended. An adopted directory stays as it is.</summary>
    public async Task<DeleteFileSystemResponse> DeleteAsync(
        DeleteFileSystemRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var id = FileSystemId.Parse(request.FileSystemId!);
        if (await idempotency.FindAsync(context, request.ClientRequestToken, cancellationToken) is null)
        {
            var current = await catalog.FindFileSystemAsync(id, cancellationToken) ?? throw Faults.FileSystemNotFound(id.Value);
            var token = idempotency.NewToken(context, request.ClientRequestToken, id.Value);
            if (current.Lifecycle != FileSystemLifecycle.Deleting && !await catalog.TryBeginDeleteFileSystemAsync(id, token, cancellationToken))
            {
                // It may have been removed meanwhile, which can't be begun either.
                _ = await catalog.FindFileSystemAsync(id, cancellationToken) ?? throw Faults.FileSystemNotFound(id.Value);
                throw Faults.BadRequest($"File system '{id}' has a data repository task that has not ended; wait for it or cancel it.");
            }

            resources.Wake();
        }

        return new DeleteFileSystemResponse
        {
            FileSystemId = id.Value,
            Lifecycle = "DELETING",
            LustreResponse = request.LustreConfiguration?.FinalBackupTags is { } tags ? new DeleteFileSystemLustreResponse { FinalBackupTags = tags } : null,
        };
    }

    private static Protocol.Shapes.FileSystem Target(UpdateFileSystemRequest request) => new()
    {
        StorageCapacity = request.StorageCapacity,
        FileSystemTypeVersion = request.FileSystemTypeVersion,
        LustreConfiguration = request.LustreConfiguration is null
            ? null
            : FileSystemShapes.Change(
                new Protocol.Shapes.FileSystem { LustreConfiguration = new LustreFileSystemConfiguration() },
                new UpdateFileSystemRequest { LustreConfiguration = request.LustreConfiguration }).LustreConfiguration,
    };
}
