using System.Text.Json;
using Sluice.TestKit;

namespace Sluice.WireTests.Clients;

/// <summary>What a client's walkthrough (tests/clients) printed: one JSON document.</summary>
internal sealed class Walkthrough : IDisposable
{
    private readonly JsonDocument _seen;

    private Walkthrough(JsonDocument seen) => _seen = seen;

    /// <summary>Files of the walkthrough's tree, its root included: more than one mover sends while the slowest client, a process for each call, comes to cancel.</summary>
    public const int Entries = 6001;

    public static Walkthrough Of(ProcessResult result) => new(JsonDocument.Parse(result.EnsureSuccess().Output));

    public string Text(string name) => _seen.RootElement.GetProperty(name).ToString();

    /// <summary>An element of a list, or the member itself when it is none.</summary>
    public JsonElement this[string name, int index] => _seen.RootElement.GetProperty(name)[index];

    public void Dispose() => _seen.Dispose();
}
