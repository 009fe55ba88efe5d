using Sluice.Catalog;

namespace Sluice.Server.Operations;

/// <summary>Stores what requests make, one at a time: of two at once the later is checked against the earlier.</summary>
internal sealed class Additions(Idempotency idempotency) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Checks a new resource against what is stored, and stores it.</summary>
    /// <param name="context">The request that makes it.</param>
    /// <param name="requestToken">Its ClientRequestToken.</param>
    /// <param name="id">Id of the resource.</param>
    /// <param name="check">Throws where something stored stands against it. Asks the catalog alone: other requests wait meanwhile.</param>
    /// <param name="add">Stores it with the token.</param>
    /// <param name="cancellationToken">Ends the waiting; the callbacks have it by themselves.</param>
    /// <returns>What <paramref name="add"/> does. TokenTaken as well, without any check, when another request with the token came first: its own
    /// resource would stand against it.</returns>
    public async Task<AddResult> AddAsync(
        RequestContext context,
        string? requestToken,
        string id,
        Func<Task> check,
        Func<RequestToken?, Task<AddResult>> add,
        CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await idempotency.FindAsync(context, requestToken, cancellationToken) is not null) return AddResult.TokenTaken;
            await check();
            return await add(idempotency.NewToken(context, requestToken, id));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
