using Sluice.TestKit;

namespace Sluice.SystemTests.Hydration;

/// <summary>The rig <c>race</c>: threads that read, write and map files whose blocks say what they are, and know every wrong one.</summary>
internal sealed class RaceProgram : IAsyncDisposable
{
    private readonly TempDirectory _temp = TempDirectory.Create();
    private readonly string _program;
    private readonly string _folder;

    private RaceProgram(string program, string folder) => (_program, _folder) = (program, folder);

    /// <summary>What it believes the files to hold.</summary>
    public string StatePath => _temp["state"];

    /// <summary>Makes its files in <paramref name="folder"/>.</summary>
    public static async Task<RaceProgram> CreateAsync(string folder, int files, int blocks, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var race = new RaceProgram(await NativeProgram.BuildAsync("race"), folder);
        (await ProcessRunner.RunAsync(race.Spec("make", folder, race.StatePath, $"{files}", $"{blocks}"), cancellationToken)).EnsureSuccess();
        return race;
    }

    /// <summary>Starts its threads.</summary>
    /// <param name="threads">How many.</param>
    /// <param name="reads">Blocks to read before it ends; 0 for as many as there is time for until SIGTERM.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="allowances"><c>eio</c>: EIO is counted and not wrong; <c>keep</c>: no file is cut and written anew.</param>
    public Task<ProcessRunner> StartAsync(RaceThreads threads, long reads, CancellationToken cancellationToken, params IReadOnlyList<string> allowances) =>
        ProcessRunner.StartAsync(
            Spec(["run", _folder, StatePath, $"{reads}", $"{threads.Readers}", $"{threads.Writers}", $"{threads.Mappers}", $"{threads.MapWriters}", .. allowances]),
            cancellationToken);

    /// <summary>Looks at all blocks in a directory with the same files.</summary>
    /// <param name="folder">The directory; null for its own.</param>
    /// <param name="statePath">An older state; then a block must be at least as new as its last fsync(2) says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ProcessResult> VerifyAsync(string? folder, string? statePath, CancellationToken cancellationToken) =>
        ProcessRunner.RunAsync(Spec(["verify", folder ?? _folder, statePath ?? StatePath, .. statePath is null ? Array.Empty<string>() : ["durable"]]), cancellationToken);

    public ValueTask DisposeAsync() => _temp.DisposeAsync();

    private ProcessSpec Spec(params IReadOnlyList<string> arguments) => new(_program) { Arguments = arguments };
}
