using Sluice.Catalog;
using Sluice.Core.Ids;
using Sluice.Protocol.Shapes;

namespace Sluice.Server.Operations;

/// <summary>TagResource, UntagResource, ListTagsForResource.</summary>
internal sealed class TagOperations(ICatalog catalog, Arns arns)
{
    private const int MaxPage = 50;

    /// <summary>Adds tags; equal keys get the new value.</summary>
    public async Task<TagResourceResponse> TagAsync(TagResourceRequest request, CancellationToken cancellationToken)
    {
        var tags = TagRules.Check(request.Tags);
        var id = await FindAsync(request.ResourceARN!, cancellationToken);
        if (await catalog.TryPutTagsAsync(id, tags, TagRules.Maximum, cancellationToken)) return new TagResourceResponse();

        // It may have been removed meanwhile, which refuses tags too.
        _ = await FindAsync(request.ResourceARN!, cancellationToken);
        throw Faults.BadRequest($"The resource '{id}' would have more than {TagRules.Maximum} tags.");
    }

    /// <summary>Removes tags; keys that are not there are ignored.</summary>
    public async Task<UntagResourceResponse> UntagAsync(UntagResourceRequest request, CancellationToken cancellationToken)
    {
        var id = await FindAsync(request.ResourceARN!, cancellationToken);
        await catalog.RemoveTagsAsync(id, request.TagKeys!, cancellationToken);
        return new UntagResourceResponse();
    }

    /// <summary>Lists tags in key order, in pages.</summary>
    public async Task<ListTagsForResourceResponse> ListAsync(ListTagsForResourceRequest request, CancellationToken cancellationToken)
    {
        var id = await FindAsync(request.ResourceARN!, cancellationToken);
        var scope = $"{nameof(ListTagsForResourceRequest)}\n{id}";
        var after = Paging.After(request.NextToken, scope)?.Id;
        var page = Math.Min(request.MaxResults ?? MaxPage, MaxPage);
        var tags = (await catalog.ListTagsAsync(id, cancellationToken))
            .Where(tag => after is null || string.CompareOrdinal(Digest(tag.Key), after) > 0)
            .OrderBy(tag => Digest(tag.Key), StringComparer.Ordinal)
            .ToList();
        return new ListTagsForResourceResponse
        {
            Tags = TagRules.ToWire([.. tags.Take(page)]),
            NextToken = Paging.Next(tags, page, scope, tag => new PageCursor(DateTimeOffset.UnixEpoch, Digest(tag.Key))),
        };
    }

    // A key of 128 characters may not fit into a token of 255; its digest does, and orders as well as anything.
    private static string Digest(string key) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)).AsSpan(0, 8));

    private async Task<string> FindAsync(string arn, CancellationToken cancellationToken)
    {
        var (kind, id) = arns.Parse(arn);
        var exists = kind switch
        {
            ResourceKind.Task => TaskId.TryParse(id, null, out var task) && await catalog.FindTaskAsync(task, cancellationToken) is not null,
            ResourceKind.FileSystem =>
                FileSystemId.TryParse(id, null, out var fileSystem) && await catalog.FindFileSystemAsync(fileSystem, cancellationToken) is not null,
            ResourceKind.Association =>
                AssociationId.TryParse(id, null, out var association)
                && await catalog.FindAssociationAsync(association, cancellationToken) is { } found
                && arns.Of(found.FileSystemId, found.Id) == arn,
        };
        return exists ? id : throw Arns.NotFound(arn);
    }
}
