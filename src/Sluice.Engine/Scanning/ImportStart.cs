using Sluice.Core.Paths;

namespace Sluice.Engine.Scanning;

/// <summary>Which keys of a bucket an import takes.</summary>
/// <param name="Link">The association that covers them.</param>
/// <param name="Prefix">Every key that begins with this: empty, or ending in a slash.</param>
/// <param name="Key">The key that is <paramref name="Prefix"/> without its slash, where that is asked for as well.</param>
internal sealed record ImportStart(LinkedDirectory Link, string Prefix, string? Key)
{
    /// <summary>The directory in which all of it is.</summary>
    public FileSystemPath Directory
    {
        get
        {
            var relative = Prefix[Link.Mapping.Repository.Prefix.Length..];
            var up = Key is null ? relative : relative[..(relative.TrimEnd('/').LastIndexOf('/') + 1)];
            return FileSystemPath.TryParse($"{Link.Mapping.Directory.Value}/{up}") ?? Link.Mapping.Directory;
        }
    }
}
