namespace Sluice.Scenarios;

/// <summary>Runs scenarios one after the other. One that fails does not keep the others from running.</summary>
/// <param name="context">What was asked for.</param>
internal sealed class ScenarioRunner(ScenarioContext context)
{
    /// <summary>Runs them.</summary>
    /// <param name="only">Names of those to run; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether none failed.</returns>
    public async Task<bool> RunAsync(IReadOnlyCollection<string>? only, CancellationToken cancellationToken)
    {
        var failed = new List<string>();
        foreach (var scenario in ScenarioList.All.Where(scenario => only is null || only.Contains(scenario.Name)))
        {
            try
            {
                context.Say($"{scenario.Name}: begins");
                await scenario.RunAsync(context, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                context.Say($"{scenario.Name}: failed: {e}");
                failed.Add(scenario.Name);
            }
        }

        if (failed.Count > 0) context.Say($"Failed: {string.Join(", ", failed)}");
        return failed.Count == 0;
    }
}
