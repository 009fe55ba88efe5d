using System.CommandLine;

namespace Sluice.CommandLine.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON, in the API's own shapes, instead of text." };

    public static Option<string?> Data() => new("--data")
    {
        Description = "The server's data directory. Default: SLUICE_DATA, else /var/lib/sluice for root, else ~/.local/share/sluice.", HelpName = "DIR",
    };

    public static Option<string?> S3Endpoint() => new("--s3-endpoint")
    {
        Description = "S3 endpoint for all buckets. Default: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.", HelpName = "URL",
    };

    public static Option<long> OlderThan() => new("--older-than")
    {
        Description = "Only files not read, written or changed for more than this many days.", HelpName = "DAYS", DefaultValueFactory = _ => 0,
    };

    public static Option<string?> FileSystem() => new("--fs") { Description = "Only those of this file system.", HelpName = "FS-ID" };

    public static Option<string[]> Tags() => new("--tag")
    {
        Description = "A tag, KEY=VALUE; repeatable.", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Not to wait until what is made or changed can be used.</summary>
    /// <param name="what">What it is called, as in "the link".</param>
    public static Option<bool> NoWait(string what) => new("--no-wait") { Description = $"Return at once instead of when {what} can be used." };
}
