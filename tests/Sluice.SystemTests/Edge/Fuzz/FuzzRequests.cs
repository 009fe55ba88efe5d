using Sluice.Protocol.Operations;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>The requests of one client: what follows from its seed and from what the server has given out.</summary>
internal sealed class FuzzRequests(ApiSigner signer, FuzzValues values, FuzzUsual usual, Random random)
{
    private static readonly OperationInfo[] Offered = [.. OperationTable.All.Where(operation => operation.IsInScope), .. SluiceOperations.All];
    private static readonly OperationInfo[] NotOffered = [.. OperationTable.All.Where(operation => !operation.IsInScope)];

    /// <summary>The next request.</summary>
    public FuzzCase Next()
    {
        var choice = random.Next(20);
        if (choice == 0) return OfNoOffer();
        if (choice < 5) return Usual();
        var operation = Offered[random.Next(Offered.Length)];
        if (choice >= 15)
        {
            var request = signer.Signed(operation.Target, values.Make(operation.Input!, random).ToBytes());
            return FuzzHeads.Spoil(request, Plain(operation, "valid", request), random);
        }

        if (choice < 8) return Plain(operation, "valid", signer.Signed(operation.Target, values.Make(operation.Input!, random).ToBytes()));
        var (kind, body) = FuzzBodies.Spoil(() => values.Make(operation.Input!, random), random);
        return Plain(operation, kind, signer.Signed(operation.Target, body.Bytes)) with { Code = body.Code };
    }

    private static FuzzCase Plain(OperationInfo operation, string kind, ApiRequest request) => new() { Kind = kind, Bytes = request.ToBytes(), Operation = operation };

    private FuzzCase Usual()
    {
        var (operation, body) = usual.Next(random);
        return Plain(operation, "usual", signer.Signed(operation.Target, body));
    }

    private FuzzCase OfNoOffer()
    {
        var operation = NotOffered[random.Next(NotOffered.Length)];
        return Plain(operation, "not offered", signer.Signed(operation.Target, "{}"u8.ToArray())) with { Code = operation.NotOffered().Code.ToString() };
    }
}
