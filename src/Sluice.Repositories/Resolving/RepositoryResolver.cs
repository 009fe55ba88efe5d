using System.Collections.Concurrent;
using System.IO.Enumeration;
using Sluice.Repositories.Directory;
using Sluice.Repositories.S3;

namespace Sluice.Repositories.Resolving;

/// <summary>Resolves buckets by <see cref="RepositoryOptions"/>; one access per endpoint, one repository per bucket.</summary>
public sealed class RepositoryResolver(RepositoryOptions options, TimeProvider time) : IRepositoryResolver, IDisposable
{
    private readonly ConcurrentDictionary<string, IObjectRepository> _repositories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<S3Endpoint, Lazy<S3Access>> _endpoints = [];
    private readonly Random _random = new();

    /// <inheritdoc/>
    public IObjectRepository Resolve(string bucket) => _repositories.GetOrAdd(bucket, Make);

    /// <summary>Where a bucket leads, for people: a URL or a directory.</summary>
    public string Describe(string bucket) => Find(bucket) switch
    {
        { S3: { } endpoint } => endpoint.Url ?? "Amazon S3",
        { Directory: { } directory } => Path.Combine(directory, bucket),
        _ => "nowhere",
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var endpoint in _endpoints.Values.Where(endpoint => endpoint.IsValueCreated)) endpoint.Value.Dispose();
    }

    private IObjectRepository Make(string bucket)
    {
        var rule = Find(bucket);
        IObjectRepository repository = rule.S3 is { } endpoint
            ? new S3Repository(bucket, _endpoints.GetOrAdd(endpoint, key => new Lazy<S3Access>(() => S3ClientFactory.Create(key, time))).Value)
            : new DirectoryRepository(Path.Combine(rule.Directory!, bucket), time);
        return new RetryingRepository(repository, options.Retry, time, _random);
    }

    private RepositoryRule Find(string bucket) =>
        options.Rules.FirstOrDefault(rule => FileSystemName.MatchesSimpleExpression(rule.Bucket, bucket, ignoreCase: false))
        ?? new RepositoryRule { Bucket = "*", S3 = options.S3, Directory = (options.S3 is null) ? options.DefaultDirectory : null };
}
