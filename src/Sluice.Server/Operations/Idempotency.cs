using Sluice.Catalog;
using Sluice.Protocol;

namespace Sluice.Server.Operations;

/// <summary>ClientRequestTokens: the same token with the same parameters answers the resource it made; with others it is refused.</summary>
internal sealed class Idempotency(ICatalog catalog, TimeProvider time)
{
    /// <summary>The id of the resource an earlier request with this token made; null when the token is new or absent.</summary>
    /// <exception cref="Core.Faults.FsxFault">IncompatibleParameterError naming the first member that differs.</exception>
    public async Task<string?> FindAsync(RequestContext context, string? token, CancellationToken cancellationToken)
    {
        if (token is null) return null;
        var known = await catalog.FindTokenAsync(context.Operation, token, cancellationToken);
        if (known is null) return null;
        return CanonicalRequest.FirstDifference(known.Request, context.CanonicalRequest) is { } member
            ? throw Faults.Incompatible(member)
            : known.ResourceId;
    }

    /// <summary>The row to store with the resource; null without a token.</summary>
    public RequestToken? NewToken(RequestContext context, string? token, string resourceId) =>
        token is null ? null : new RequestToken(context.Operation, token, resourceId, context.CanonicalRequest, time.GetUtcNow());
}
