namespace Sluice.CommandLine.Serving;

/// <summary>The file <c>DATA/endpoint</c>: the URL of the server that runs on a data directory, for commands on the same machine. It is there only
/// while the server runs, unless that was killed.</summary>
internal sealed class EndpointFile : IDisposable
{
    private readonly string _path;

    private EndpointFile(string path) => _path = path;

    /// <summary>Path of the file.</summary>
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "endpoint");

    /// <summary>Writes it; disposal removes it. Whoever reads it sees all of it or nothing.</summary>
    public static EndpointFile Write(string dataDirectory, string url)
    {
        var path = PathIn(dataDirectory);
        File.WriteAllText(path + ".new", url + "\n");
        File.Move(path + ".new", path, overwrite: true);
        return new EndpointFile(path);
    }

    /// <summary>The URL in it.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Read(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        return File.Exists(path)
            ? File.ReadAllText(path).Trim()
            : throw new UsageException($"No server runs on '{dataDirectory}'. Start it with 'sluice serve', or name another with --endpoint or --data.");
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);
}
