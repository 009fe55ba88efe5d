using Sluice.Repositories.S3;
using Xunit;

namespace Sluice.ConformanceTests.Repositories;

public sealed class EndpointChecksTests
{
    private const int Bytes = 1 << 20;

    [Fact]
    public void An_endpoint_that_stores_the_checksum_needs_nothing_else_and_is_not_tried()
    {
        var checks = new EndpointChecks(isHashSigned: true);
        Assert.True(checks.NeedsMd5);
        Assert.False(checks.TryBeginTrial(Bytes));
        checks.Answered(withChecksum: true);
        checks.Answered(withChecksum: false);
        Assert.True(checks.StoresChecksum);
        Assert.False(checks.NeedsMd5);
        Assert.False(checks.TryBeginTrial(Bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_trial_that_tells_is_the_last_and_only_a_refusal_makes_the_MD5_dispensable(bool verifies)
    {
        var checks = new EndpointChecks(isHashSigned: true);
        checks.Answered(withChecksum: false);
        Assert.False(checks.TryBeginTrial(1000));
        Assert.True(checks.TryBeginTrial(Bytes));
        Assert.False(checks.TryBeginTrial(Bytes));
        checks.EndTrial(verifies: null);
        Assert.True(checks.NeedsMd5);
        Assert.True(checks.TryBeginTrial(Bytes));
        checks.EndTrial(verifies);
        Assert.Equal((verifies, !verifies), (checks.VerifiesHash, checks.NeedsMd5));
        Assert.False(checks.TryBeginTrial(Bytes));
    }

    [Fact]
    public void Where_no_hash_is_signed_there_is_nothing_to_try()
    {
        var checks = new EndpointChecks(isHashSigned: false);
        checks.Answered(withChecksum: false);
        Assert.False(checks.TryBeginTrial(Bytes));
        Assert.True(checks.NeedsMd5);
    }
}
