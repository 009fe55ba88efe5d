using Sluice.Scenarios.Access;
using Sluice.Scenarios.Api;
using Sluice.Scenarios.Cache;
using Sluice.Scenarios.Cancel;
using Sluice.Scenarios.Export;
using Sluice.Scenarios.Startup;
using Sluice.Scenarios.Trees;

namespace Sluice.Scenarios;

/// <summary>Every scenario there is, in the order in which they run.</summary>
internal static class ScenarioList
{
    /// <summary>The scenarios.</summary>
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new CopyScenario("export-small-files", sizes => new EvenTree(sizes.Files, 4096)),
        new CopyScenario("export-medium-files", sizes => new EvenTree(sizes.MediumFiles, 1 << 20)),
        new CopyScenario("export-large-file", sizes => new EvenTree(1, sizes.LargeBytes)),
        new CopyScenario("export-mixed-files", sizes => new MixedTree(sizes.MixedFiles)),
        new CopyScenario("export-null-server", sizes => new EvenTree(sizes.Files, 4096), ToNull: true),
        new IncrementalScenario("export-again", sizes => new EvenTree(sizes.Files, 4096)),
        new IncrementalScenario("export-again-many", sizes => new EvenTree(sizes.Objects, 4096), ToNull: true),
        new MetadataScenario(),
        new GrowthScenario(),
        .. CacheScenarios.All,
        new FirstByteScenario(),
        new CancelScenario(),
        new ApiScenario(),
        new StartupScenario(),
    ];
}
