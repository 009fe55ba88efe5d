using Sluice.CommandLine;
using Sluice.CommandLine.Configuration;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary>The configuration file, and how its faults are pointed at.</summary>
public sealed class ConfigurationFileTests
{
    [Fact]
    public async Task Comments_and_trailing_commas_are_read()
    {
        var file = await LoadAsync(
            """
            {
              // where the lab's buckets are
              "buckets": [{ "bucket": "lab-*", "s3": { "url": "https://s3.example.org", "profile": "lab" } }],
              "engine": { "concurrency": 8, },
            }
            """);

        Assert.Equal("lab", Assert.Single(file.Buckets).S3!.Profile);
        Assert.Equal(8, file.Engine.Concurrency);
    }

    [Theory]
    [InlineData(2, "key 'accountId' is '12'; expected 12 digits", """{/*n*/"accountId": "12" }""")]
    [InlineData(2, "key 'taskQueueLength' is '0'; expected 1 to 10000", """{/*n*/"taskQueueLength": 0 }""")]
    [InlineData(3, "key 'allowRoots[1]' is 'scratch'; expected an absolute path", """{ "allowRoots": [/*n*/"/scratch",/*n*/"scratch"] }""")]
    [InlineData(2, "key 'buckets[0]'; expected either s3 or directory", """{ "buckets": [/*n*/{ "bucket": "b" }] }""")]
    [InlineData(3, "key 'buckets[0].s3.url' is 'ftp://x'", """{ "buckets": [/*n*/{ "bucket": "b", "s3": {/*n*/"url": "ftp://x" } }] }""")]
    [InlineData(2, "key 'principals[0].secretAccessKey'; expected at least 16", """{ "principals": [{ "name": "n", "accessKeyId": "abc",/*n*/"secretAccessKey": "short" }] }""")]
    [InlineData(2, "key 'engine.partSizeMiB' is '4096'; expected 5 to 1024", """{ "engine": {/*n*/"partSizeMiB": 4096 } }""")]
    [InlineData(2, "key 'engine.bufferMiB' is '8'; expected 16", """{ "engine": {/*n*/"bufferMiB": 8 } }""")]
    [InlineData(2, "expected a whole number", """{/*n*/"taskQueueLength": "many" }""")]
    [InlineData(2, "expected a whole number", """{/*n*/"taskQueueLength": 1.5 }""")]
    [InlineData(2, "expected a text in quotes", """{/*n*/"region": 1 }""")]
    [InlineData(2, "expected an object { }", """{/*n*/"engine": [] }""")]
    [InlineData(2, "expected true or false", """{/*n*/"strictTasks": 1 }""")]
    [InlineData(2, "expected a list [ ]", """{/*n*/"allowRoots": "/scratch" }""")]
    [InlineData(2, "key 'alowRoots': there is no such setting", """{/*n*/"alowRoots": [] }""")]
    [InlineData(3, "there is no such setting", """{ "engine":/*n*/{/*n*/"concurency": 8 } }""")]
    [InlineData(2, "twice", """{ "region": "a",/*n*/"region": "b" }""")]
    [InlineData(2, "", """{/*n*/"region" "b" }""")]
    public async Task A_fault_is_told_with_file_line_and_key(int line, string message, string text)
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["sluice.json"], text.Replace("/*n*/", "\n", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var refusal = Assert.Throws<UsageException>(() => ConfigurationFile.Load(temp["sluice.json"]));

        Assert.StartsWith($"{temp["sluice.json"]}:{line}: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Sluice.CommandLine", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_told() =>
        Assert.Contains("/nonexistent/sluice.json", Assert.Throws<UsageException>(() => ConfigurationFile.Load("/nonexistent/sluice.json")).Message, StringComparison.Ordinal);

    private static async Task<ConfigurationFile> LoadAsync(string text)
    {
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["sluice.json"], text, TestContext.Current.CancellationToken);
        return ConfigurationFile.Load(temp["sluice.json"]);
    }
}
