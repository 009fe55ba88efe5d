namespace Sluice.Scenarios;

/// <summary>One thing that is measured, together with everything it is compared with, in one run.</summary>
internal interface IScenario
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Names of the result files it writes, without <c>.md</c>.</summary>
    IReadOnlyList<string> Results { get; }

    /// <summary>Measures, and writes its result files.</summary>
    Task RunAsync(ScenarioContext context, CancellationToken cancellationToken);
}
