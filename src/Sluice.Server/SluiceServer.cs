using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Catalog.Sqlite;
using Sluice.Core.Ids;
using Sluice.Engine;
using Sluice.Engine.Guarding;
using Sluice.Engine.Movers;
using Sluice.Engine.Scheduling;
using Sluice.Hydrator;
using Sluice.Hydrator.Guarding;
using Sluice.Hydrator.Hydration;
using Sluice.Posix;
using Sluice.Protocol.SigV4;
using Sluice.Repositories;
using Sluice.Repositories.Resolving;
using Sluice.Server.Edge;
using Sluice.Server.Lifecycles;
using Sluice.Server.Operations;
using Sluice.Server.Security;

namespace Sluice.Server;

/// <summary>What a server is made of.</summary>
public sealed record ServerSettings
{
    /// <summary>The server itself.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>Where buckets are.</summary>
    public required RepositoryOptions Repositories { get; init; }

    /// <summary>The engine.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>How files without data are guarded.</summary>
    public HydratorOptions Hydrator { get => field ?? new HydratorOptions { DataDirectory = Server.DataDirectory }; init; }

    /// <summary>Whether this process restores them when they are opened, unless another one does already.</summary>
    public bool RestoresOnAccess { get; init; } = true;

    /// <summary>Address and port to listen on; port 0 for any free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Callers besides the administrator.</summary>
    public IReadOnlyList<Principal> Principals { get; init; } = [];
}

/// <summary>A running server: composition root, start and stop. One process owns a data directory at a time.</summary>
public sealed class SluiceServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataDirectoryLock _lock;

    private SluiceServer(WebApplication app, DataDirectoryLock dataLock) => (_app, _lock) = (app, dataLock);

    /// <summary>The URL it answers at.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Starts a server; when it returns, requests are accepted.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has the data directory.</exception>
    /// <exception cref="CatalogException">The catalog can't be opened.</exception>
    /// <exception cref="IOException">The address can't be listened on, or the data directory not be made.</exception>
    public static async Task<SluiceServer> StartAsync(ServerSettings settings, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        var data = settings.Server.DataDirectory;
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var descriptors = FileSystemCalls.SetNoFileLimit();
        var lockFile = Path.Combine(data, "lock");
        var dataLock = DataDirectoryLock.TryAcquire(lockFile) ?? throw new DataDirectoryInUseException(data, DataDirectoryLock.OwnerOf(lockFile));
        try
        {
            var app = Build(settings, descriptors, logging);
            await app.StartAsync(cancellationToken);
            return new SluiceServer(app, dataLock);
        }
        catch
        {
            dataLock.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the process is asked to stop (SIGTERM, SIGINT), then stops: no new requests, tasks left resumable.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _lock.Dispose();
    }

    private static WebApplication Build(ServerSettings settings, long descriptors, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            EdgeLimits.Apply(kestrel.Limits, descriptors);
            kestrel.Listen(settings.Listen);
        });
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        Register(builder.Services, settings);
        var app = builder.Build();
        var endpoint = app.Services.GetRequiredService<ApiEndpoint>();
        app.Run(endpoint.HandleAsync);
        return app;
    }

    private static void Register(IServiceCollection services, ServerSettings settings)
    {
        var administrator = CredentialsFile.LoadOrCreate(settings.Server.DataDirectory);
        services.AddSingleton(settings.Server);
        services.AddSingleton(settings.Engine);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IIdSource, RandomIdSource>();
        services.AddSingleton(_ => CrashPointCatalog.Around(SqliteCatalog.Open(Path.Combine(settings.Server.DataDirectory, "catalog.db"))));
        services.AddSingleton(provider =>
            CrashPointResolver.Around(new RepositoryResolver(settings.Repositories, provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton(settings.Hydrator);
        services.AddSingleton<HeldGroups>();
        services.AddSingleton<GuardRegistry>();
        services.AddSingleton<IFileSystemGuards>(provider => provider.GetRequiredService<GuardRegistry>());
        services.AddSingleton<RestoreCoordinator>();
        services.AddSingleton<TaskSignals>();
        services.AddSingleton<ResourceSignals>();
        services.AddSingleton<Arns>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<Additions>();
        services.AddSingleton<RootDirectories>();
        services.AddSingleton<TaskShapes>();
        services.AddSingleton<AssociationShapes>();
        services.AddSingleton<FileSystemShapes>();
        services.AddSingleton<FileSystemOperations>();
        services.AddSingleton<AssociationOperations>();
        services.AddSingleton<GuardChecks>();
        services.AddSingleton<TaskAdmission>();
        services.AddSingleton<TaskOperations>();
        services.AddSingleton<PathOperations>();
        services.AddSingleton<TagOperations>();
        services.AddSingleton<OperationDispatcher>();
        services.AddSingleton(new PrincipalKeys([administrator, .. settings.Principals]));
        services.AddSingleton(provider => new SigV4Verifier(
            provider.GetRequiredService<PrincipalKeys>(), "fsx", provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RequestBodies>();
        services.AddSingleton<ApiEndpoint>();
        services.AddHostedService(provider => provider.GetRequiredService<HeldGroups>());
        if (settings.RestoresOnAccess && FileSystemCalls.HasCapability(Capability.SysAdmin)) services.AddHostedService<HydratorService>();
        services.AddHostedService<ResourceLifecycles>();
        services.AddHostedService<RepositoryTaskScheduler>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }
}
