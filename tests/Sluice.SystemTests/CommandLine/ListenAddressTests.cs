using Sluice.CommandLine;
using Sluice.CommandLine.Serving;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>--listen</c>.</summary>
public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:7580", "127.0.0.1:7580")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    public void An_address_and_a_port_are_taken(string text, string expected) => Assert.Equal(expected, ListenAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("7580")]
    [InlineData(":7580")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:http")]
    [InlineData("1:7580")]
    [InlineData("::1")]
    [InlineData("::1:7580")]
    [InlineData("host.example:7580")]
    public void All_else_is_refused_with_the_value_and_the_form(string text)
    {
        var refusal = Assert.Throws<UsageException>(() => ListenAddress.Parse(text));

        Assert.Contains($"'{text}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("expected IP:PORT", refusal.Message, StringComparison.Ordinal);
    }
}
