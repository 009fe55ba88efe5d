namespace Sluice.CommandLine.Help;

/// <summary>What the program says of itself.</summary>
internal static class ProgramText
{
    public const string Summary = "Sluice: a data repository service for POSIX file systems that speaks the Amazon FSx API.";

    /// <summary>A first walk through it.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "sluice demo                                     # see everything once, on made-up files",
        "sluice serve --allow-root /scratch              # start the server",
        "sluice fs create --root /scratch/project        # adopt a directory as a file system",
        "sluice dra create FS-ID / s3://bucket/prefix    # link it to a bucket",
        "sluice task export FS-ID --watch                # export what is new or changed",
        "sluice export /scratch/project s3://bucket/p    # the same without a server",
        "sluice release /scratch/project/old             # free the space of what is exported; reading brings it back",
        "sluice restore /scratch/project/old             # bring it back before it is read",
    ];
}
