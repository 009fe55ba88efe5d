namespace Sluice.TestKit;

/// <summary>How <see cref="SluiceServer"/> starts the program.</summary>
public sealed record SluiceServerOptions
{
    /// <summary>Data directory; null makes one that goes away with the server.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>More arguments after <c>serve --data DIR --listen 127.0.0.1:0</c>, as <c>--allow-root</c> and a path.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables for the server, as <see cref="RgwServer.Environment"/>.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Program and first arguments; null: the built <c>sluice</c> under <c>dotnet</c>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>How long a start or stop may take.</summary>
    public TimeSpan Timeout { get; init; } = Hang.Limit;
}
