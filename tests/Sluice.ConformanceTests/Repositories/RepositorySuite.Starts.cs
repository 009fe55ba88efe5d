using Sluice.Core.Tasks;
using Sluice.Repositories;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

public abstract partial class RepositorySuite
{
    [Fact]
    public async Task A_write_begins_its_permit_and_leaves_the_gate_free()
    {
        using var gate = new StartGate();
        var put = await PutWith(gate.NewPermit(), "key");
        Assert.Equal(1, gate.StartedCount);
        await Repository.ReplaceMetadataAsync("key", put.ETag, Metadata(), gate.NewPermit(), Cancellation);
        Assert.Equal(2, gate.StartedCount);
        await Repository.CreateUploadAsync("key", Metadata(), gate.NewPermit(), Cancellation);
        Assert.Equal(3, gate.StartedCount);
        await Repository.CopyAsync("key", (await HeadAsync("key")).ETag, "copy", Metadata(), gate.NewPermit(), Cancellation);
        Assert.Equal(4, gate.StartedCount);

        // Would never return if a permit were still between TryBegin and Begun.
        gate.Close();
    }

    [Fact]
    public async Task Behind_a_closed_gate_nothing_is_done()
    {
        using var gate = new StartGate();
        var before = await PutWith(StartPermit.Unrestricted, "key");
        gate.Close();
        await Assert.ThrowsAsync<StartRefusedException>(() => PutWith(gate.NewPermit(), "other"));
        await Assert.ThrowsAsync<StartRefusedException>(
            () => Repository.ReplaceMetadataAsync("key", before.ETag, Metadata(("changed", "1")), gate.NewPermit(), Cancellation));
        await Assert.ThrowsAsync<StartRefusedException>(
            () => Repository.CopyAsync("key", before.ETag, "copy", Metadata(), gate.NewPermit(), Cancellation));
        await Assert.ThrowsAsync<StartRefusedException>(() => Repository.CreateUploadAsync("key", Metadata(), gate.NewPermit(), Cancellation));

        Assert.Equal(["key"], await KeysAsync());
        Assert.Empty((await HeadAsync("key")).Metadata.User);
        Assert.Empty(await Repository.ListUploadsAsync("", Cancellation).ToListAsync(Cancellation));
        Assert.Equal(0, gate.StartedCount);
    }

    [Fact]
    public async Task A_permit_that_has_begun_passes_a_gate_that_closed_since()
    {
        using var gate = new StartGate();
        var permit = gate.NewPermit();
        await PutWith(permit, "key");
        gate.Close();
        await PutWith(permit, "key");
        Assert.Equal(1, gate.StartedCount);
    }

    private Task<PutResult> PutWith(StartPermit permit, string key) => Repository.PutAsync(Request(key, [1]), permit, Cancellation);
}
