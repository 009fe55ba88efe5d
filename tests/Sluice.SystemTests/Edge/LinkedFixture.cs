using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>One server with one linked file system for the tests of a class.</summary>
public sealed class LinkedFixture : IAsyncLifetime
{
    internal EdgeServer Edge { get; private set; } = null!;

    internal LinkedSystem System { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Edge = await EdgeServer.StartAsync(CancellationToken.None);
        System = await LinkedSystem.MakeAsync(Edge, "linked", CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Edge.DisposeAsync();
}
