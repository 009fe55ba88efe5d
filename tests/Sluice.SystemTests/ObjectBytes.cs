using Sluice.Repositories;

namespace Sluice.SystemTests;

/// <summary>Reads objects as a whole.</summary>
internal static class ObjectBytes
{
    /// <summary>The content of an object.</summary>
    public static async Task<byte[]> ReadAsync(this IObjectRepository repository, string key, CancellationToken cancellationToken)
    {
        await using var content = await repository.GetAsync(key, 0, length: null, expectedETag: null, cancellationToken);
        using var bytes = new MemoryStream();
        await content.Stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
