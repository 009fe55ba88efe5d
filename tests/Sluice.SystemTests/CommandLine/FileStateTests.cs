using System.Text.Json;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.CommandLine;

/// <summary><c>sluice file state</c>.</summary>
public sealed class FileStateTests
{
    [Fact]
    public async Task Files_are_shown_in_the_manner_of_lfs_hsm_state()
    {
        await using var temp = TempDirectory.Create().With(
            new TreeBuilder().Text("src/a", "a").Text("src/changed", "old").Text("src/two\nlines", "x").Directory("src/dir").Symlink("src/link", "nowhere"));
        await ExportAsync(temp);
        await File.WriteAllTextAsync(temp["src/changed"], "new content", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(temp["src/fresh"], "", TestContext.Current.CancellationToken);

        var result = await Cli.RunAsync(
            "file", "state", temp["src/a"], temp["src/changed"], temp["src/fresh"], temp["src/two\nlines"], temp["src/dir"] + "/", temp["src/missing"], temp["src/a/b"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [
                $"{temp["src/a"]}: (0x00000009) exists archived",
                $"{temp["src/changed"]}: (0x0000000b) exists dirty archived",
                $"{temp["src/fresh"]}: (0x00000000)",
                $"{temp.Path}/src/two\\nlines: (0x00000009) exists archived",
                $"{temp["src/dir"]}/: (0x00000009) exists archived",
            ],
            Lines(result.Output));
        Assert.Equal(
            [$"sluice: {temp["src/missing"]}: no such file or directory", $"sluice: {temp["src/a/b"]}: a part of the path is no directory"],
            Lines(result.Error));
    }

    [Fact]
    public async Task A_symlink_is_looked_at_itself()
    {
        Require.Root();
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Symlink("src/link", "nowhere"));
        await ExportAsync(temp);

        Assert.Equal($"{temp["src/link"]}: (0x00000009) exists archived\n", (await Cli.RunAsync("file", "state", temp["src/link"])).EnsureSuccess().Output);
    }

    [Fact]
    public async Task Json_has_exact_names_sizes_and_checksums()
    {
        await using var temp = TempDirectory.Create().With(new TreeBuilder().Text("src/two\nlines", "123456789"));
        await ExportAsync(temp);

        var result = await Cli.RunAsync("file", "state", "--json", temp["src/two\nlines"], temp["src"]);

        using var json = JsonDocument.Parse(result.EnsureSuccess().Output);
        var first = json.RootElement[0];
        Assert.Equal(temp["src/two\nlines"], first.GetProperty("Path").GetString());
        Assert.Equal(9, first.GetProperty("States").GetInt32());
        Assert.Equal(9, first.GetProperty("ArchivedBytes").GetInt64());

        // The check value of CRC-64/NVME.
        Assert.Equal("ae8b14860a799888", first.GetProperty("ArchivedChecksum").GetString());
        Assert.Equal(2, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_name_that_begins_with_an_at_sign_is_a_name()
    {
        var result = await Cli.RunAsync("file", "state", "@missing");

        Assert.Equal("sluice: @missing: no such file or directory\n", result.Error);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task ExportAsync(TempDirectory temp)
    {
        Directory.CreateDirectory(temp["state/buckets/bucket"]);
        (await Cli.RunAsync("export", temp["src"], "s3://bucket", "--state", temp["state"])).EnsureSuccess();
    }
}
