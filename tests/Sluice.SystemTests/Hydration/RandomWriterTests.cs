using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Hydration;

/// <summary>
/// Files that are read, written, mapped, cut, punched and replaced at random, beside a model of them in memory, while all of them are exported, released and
/// restored. <c>SLUICE_MODEL_ROUNDS</c> and <c>SLUICE_MODEL_SEED</c> set how long and which.
/// </summary>
public sealed class RandomWriterTests
{
    private const int Files = 32;

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    [InlineData("btrfs")]
    public Task Files_hold_what_was_written_while_they_are_exported_and_released(string kind) => RunAsync(kind);

    /// <remarks>On a machine that is busy: whoever is let through to a file waits for a processor then.</remarks>
    [Fact]
    public async Task Files_that_are_cut_by_their_path_hold_what_was_written_while_they_are_exported_and_released()
    {
        await using var first = await StartBusyAsync();
        await using var second = await StartBusyAsync();
        await RunAsync("ext4", "cuts");
    }

    private static Task<ProcessRunner> StartBusyAsync() =>
        ProcessRunner.StartAsync(new("sh") { Arguments = ["-c", "while :; do :; done"] }, TestContext.Current.CancellationToken);

    private static async Task RunAsync(string kind, params IReadOnlyList<string> changes)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var rig = await HydrationRig.StartAsync(kind, cancellationToken);
        var folder = Directory.CreateDirectory(Path.Combine(rig.Root, "model")).FullName;
        string[] arguments = [folder, $"{Files}", $"{Counts.Of("SLUICE_MODEL_ROUNDS", 4000)}", $"{Counts.Of("SLUICE_MODEL_SEED", 1)}", .. changes];
        await using var model = await ProcessRunner.StartAsync(new(await NativeProgram.BuildAsync("model")) { Arguments = arguments }, cancellationToken);
        long released = 0;
        while (!model.HasExited)
        {
            _ = await rig.ExportAsync(cancellationToken, "model");
            released += (await rig.ReleaseAsync(cancellationToken, "model")).Status?.SucceededCount ?? 0;
        }

        var result = await model.WaitAsync(Hang.Limit, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {released} releases; {result.Output}");
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', arguments)}: {result.Output}{result.Error}{rig.Log}");
        Assert.True(released >= Files, $"Only {released} releases.");
    }
}
