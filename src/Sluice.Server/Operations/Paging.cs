using Sluice.Catalog;
using Sluice.Protocol;

namespace Sluice.Server.Operations;

/// <summary>Keyset pages: a token is where the next page begins, bound to the operation and its filters.</summary>
internal static class Paging
{
    /// <summary>Where the page begins; null for the first.</summary>
    /// <exception cref="Core.Faults.FsxFault">BadRequest for a token that is not one of this listing.</exception>
    public static PageCursor? After(string? nextToken, string scope)
    {
        if (nextToken is null) return null;
        if (!PageToken.TryDecode(nextToken, scope, out var creationTime, out var id))
            throw Faults.BadRequest($"The NextToken {Faults.Show(nextToken)} is not valid for this request.");
        return new PageCursor(creationTime, id);
    }

    /// <summary>The token of the next page; null on the last.</summary>
    public static string? Next<T>(IReadOnlyList<T> found, int page, string scope, Func<T, PageCursor> cursorOf)
    {
        if (found.Count <= page) return null;
        var last = cursorOf(found[page - 1]);
        return PageToken.Encode(last.CreationTime, last.Id, scope);
    }
}

/// <summary>What a page token is bound to.</summary>
internal static class PageScope
{
    /// <summary>Text that differs for every other combination of operation, ids and filters.</summary>
    public static string Of(IReadOnlyList<string>? ids, IEnumerable<(string? Name, IReadOnlyList<string>? Values)> filters, string operation) =>
        string.Join('\n', [operation, string.Join(',', ids ?? []), .. filters.Select(filter => $"{filter.Name}={string.Join(',', filter.Values ?? [])}")]);
}
