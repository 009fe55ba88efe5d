namespace Sluice.Protocol.Shapes;

/// <summary>Input of ResolvePaths.</summary>
public sealed record ResolvePathsRequest
{
    /// <summary>Absolute paths on the server's machine, at most 100.</summary>
    public IReadOnlyList<string>? Paths { get; init; }
}

/// <summary>Output of ResolvePaths.</summary>
public sealed record ResolvePathsResponse
{
    /// <summary>One for each path, in their order.</summary>
    public IReadOnlyList<ResolvedPath>? Paths { get; init; }
}

/// <summary>Where a local path lies.</summary>
public sealed record ResolvedPath
{
    /// <summary>The path as it was given.</summary>
    public string? Path { get; init; }

    /// <summary>The file system whose root holds it.</summary>
    public string? FileSystemId { get; init; }

    /// <summary>The path in that file system, with a leading slash.</summary>
    public string? FileSystemPath { get; init; }
}
