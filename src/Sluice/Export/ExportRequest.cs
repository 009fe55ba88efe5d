using Sluice.Core.Repositories;

namespace Sluice.CommandLine.Export;

/// <summary>What is exported where.</summary>
/// <param name="Source">The directory: absolute, symbolic links resolved.</param>
/// <param name="Target">The bucket and prefix.</param>
/// <param name="Endpoint">Where the bucket is: an S3 URL or a directory.</param>
internal sealed record ExportRequest(string Source, RepositoryPath Target, string Endpoint)
{
    /// <summary>Puts a request together.</summary>
    /// <exception cref="UsageException">The bucket is a directory within the source: an export would go round in circles.</exception>
    public static ExportRequest Make(string source, RepositoryPath target, string endpoint)
    {
        if (Path.IsPathRooted(endpoint) && (endpoint + "/").StartsWith(source.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw new UsageException($"The bucket '{target.Bucket}' is the directory '{endpoint}', which lies in the source '{source}'. Put it elsewhere with --state, or name an S3 endpoint.");
        return new ExportRequest(source, target, endpoint);
    }

    /// <summary>Checks a source and makes its name the one name it has.</summary>
    /// <exception cref="UsageException">It is missing, or no directory.</exception>
    public static string FindSource(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(full)) throw new UsageException($"The source '{full}' is a file; expected a directory.");
        if (!Directory.Exists(full)) throw new UsageException($"The source '{full}' does not exist.");
        return Resolve(full);
    }

    /// <summary>Replaces symbolic links in a path by what they lead to, as realpath(3) does.</summary>
    private static string Resolve(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        var here = Path.Combine(Resolve(parent), Path.GetFileName(path));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Resolve(target.FullName) : here;
    }
}
