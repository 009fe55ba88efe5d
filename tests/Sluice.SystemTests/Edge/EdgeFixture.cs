using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>One server for the tests of a class.</summary>
public sealed class EdgeFixture : IAsyncLifetime
{
    internal EdgeServer Edge { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Edge = await EdgeServer.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => Edge.DisposeAsync();
}
