namespace Sluice.TestKit;

/// <summary>A program to run.</summary>
/// <param name="FileName">The program: a path, or a name found in <c>PATH</c>.</param>
public sealed record ProcessSpec(string FileName)
{
    /// <summary>Its arguments, one each, not quoted.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set over the inherited ones; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where it runs; null: where the test runs.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it reads from standard input, which ends thereafter.</summary>
    public string Input { get; init; } = "";

    /// <summary>How long <see cref="ProcessRunner.RunAsync"/> lets it run before it is killed and the test fails.</summary>
    public TimeSpan Timeout { get; init; } = Hang.Limit;
}
