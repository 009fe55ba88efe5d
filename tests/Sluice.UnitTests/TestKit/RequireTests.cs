using Sluice.TestKit;
using Xunit;
using Xunit.Sdk;

namespace Sluice.UnitTests.TestKit;

public sealed class RequireTests
{
    [Fact]
    public void What_is_missing_skips_off_CI()
    {
        // Not by Assert.Throws, which lets a skip through and so would skip this test.
        try
        {
            _ = Require.Missing("a unicorn", ci: false);
        }
        catch (SkipException e)
        {
            Assert.Contains("a unicorn", e.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Fail("It did not skip.");
    }

    [Fact]
    public void What_is_missing_fails_in_CI() => Assert.Throws<FailException>(() => Require.Missing("a unicorn", ci: true));

    [Fact]
    public void What_is_there_is_found()
    {
        Assert.Equal("/bin/sh", Require.Tool("/bin/sh"));
        Assert.EndsWith("/sh", Require.Tool("sh"), StringComparison.Ordinal);
        Assert.Equal("/", Require.File("/"));
    }
}
