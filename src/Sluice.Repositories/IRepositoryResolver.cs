namespace Sluice.Repositories;

/// <summary>Finds the repository of a bucket by configuration: an S3 endpoint or a directory.</summary>
public interface IRepositoryResolver
{
    /// <summary>The repository of <paramref name="bucket"/>, with retries; the same instance each time. Does not talk to it.</summary>
    /// <exception cref="RepositoryException">No rule covers the bucket, or its credentials can't be found.</exception>
    IObjectRepository Resolve(string bucket);
}
