using System.Text.Json;

namespace Sluice.UnitTests.Protocol;

/// <summary>The service model in tests/models, for comparing generated code with its source.</summary>
internal static class ServiceModel
{
    private static readonly Lazy<JsonDocument> Document = new(static () => JsonDocument.Parse(File.ReadAllBytes(
        Path.Combine(RepositoryRoot(), "tests", "models", "fsx", "2018-03-01", "service-2.json"))));

    public static JsonElement Shapes => Document.Value.RootElement.GetProperty("shapes");

    public static JsonElement Operations => Document.Value.RootElement.GetProperty("operations");

    public static JsonElement Shape(string name) => Shapes.GetProperty(name);

    public static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Sluice.slnx")))
            directory = directory.Parent ?? throw new InvalidOperationException("The tests don't run inside the repository.");
        return directory.FullName;
    }
}
