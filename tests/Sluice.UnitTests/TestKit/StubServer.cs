using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sluice.UnitTests.TestKit;

/// <summary>An HTTP server in the test that notes each request and answers as told.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _seen = new();

    private StubServer(WebApplication application) => _application = application;

    public string Url { get; private set; } = "";

    /// <summary>Method, target and body length of each request whose body has arrived.</summary>
    public IReadOnlyList<string> Seen => [.. _seen];

    public static async Task<StubServer> StartAsync(Func<HttpContext, byte[], Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        var server = new StubServer(application);
        application.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            server._seen.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body.Length}");
            await answer(context, body.ToArray());
        });
        await application.StartAsync();
        server.Url = application.Urls.Single();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
