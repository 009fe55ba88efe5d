namespace Sluice.TestKit;

/// <summary>A pair of keys from an AWS shared-credentials file.</summary>
/// <param name="AccessKeyId">Access key id.</param>
/// <param name="SecretAccessKey">Secret access key.</param>
public sealed record SluiceCredentials(string AccessKeyId, string SecretAccessKey)
{
    /// <summary>Reads one profile of such a file. FormatException: it is not there, or lacks a key.</summary>
    public static SluiceCredentials Parse(string text, string profile)
    {
        var values = text.Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => line != $"[{profile}]")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('['))
            .Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] is not ('#' or ';'))
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        return new(Value("aws_access_key_id"), Value("aws_secret_access_key"));

        string Value(string name) =>
            values.TryGetValue(name, out var value) ? value : throw new FormatException($"The profile {profile} has no {name}.");
    }
}
