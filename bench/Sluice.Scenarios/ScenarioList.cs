using Sluice.Scenarios.Access;
using Sluice.Scenarios.Api;
using Sluice.Scenarios.Cache;
using Sluice.Scenarios.Cancel;
using Sluice.Scenarios.Export;
using Sluice.Scenarios.Startup;

namespace Sluice.Scenarios;

/// <summary>Every scenario there is, in the order in which they run.</summary>
internal static class ScenarioList
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new CopyScenario("export-small-files", sizes => new FileTree(sizes.Files, 4096)),
        new CopyScenario("export-large-file", sizes => new FileTree(1, sizes.LargeBytes)),
        .. CacheScenarios.All,
        new FirstByteScenario(),
        new CancelScenario(),
        new ApiScenario(),
        new StartupScenario(),
    ];
}
