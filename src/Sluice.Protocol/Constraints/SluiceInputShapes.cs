namespace Sluice.Protocol.Constraints;

/// <summary>The constraint table of Sluice's own operations. Their paths may hold what file names may, line feeds too.</summary>
internal static class SluiceInputShapes
{
    private static readonly StringShape LocalPath = new()
    {
        Name = "LocalPath", Max = 4096, Pattern = @"^[^\u0000]*$", Matches = static text => !text.Contains('\0', StringComparison.Ordinal),
    };

    private static readonly ListShape Paths = new() { Name = "Paths", Element = LocalPath, Max = 100 };

    internal static readonly StructureShape CreateRestoreTaskRequest = new()
    {
        Name = "CreateRestoreTaskRequest",
        Members =
        [
            new("FileSystemId", InputShapes.FileSystemId, true),
            new("Paths", Paths, false),
            new("ClientRequestToken", InputShapes.ClientRequestToken, false),
        ],
    };

    internal static readonly StructureShape ResolvePathsRequest = new() { Name = "ResolvePathsRequest", Members = [new("Paths", Paths, true)] };
}
