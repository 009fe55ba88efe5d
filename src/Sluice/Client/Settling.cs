using Sluice.CommandLine.Output;

namespace Sluice.CommandLine.Client;

/// <summary>Waits for what was just made or changed, and tells whether it can be used.</summary>
internal static class Settling
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again until it is neither being made nor changed.</summary>
    /// <param name="context">The command.</param>
    /// <param name="resource">As the server answered it.</param>
    /// <param name="lifecycle">Its state.</param>
    /// <param name="describe">Asks for it again.</param>
    /// <param name="cancellationToken">Gives up; nothing is undone.</param>
    public static async Task<T> WaitAsync<T>(
        CommandContext context, T resource, Func<T, string?> lifecycle, Func<T, Task<T>> describe, CancellationToken cancellationToken)
    {
        while (lifecycle(resource) is "CREATING" or "UPDATING")
        {
            await Task.Delay(Interval, context.Time, cancellationToken);
            resource = await describe(resource);
        }

        return resource;
    }

    /// <summary>The exit code; says why it can't be used.</summary>
    /// <param name="context">The command.</param>
    /// <param name="what">What it is called, as in "the link".</param>
    /// <param name="lifecycle">Its state.</param>
    /// <param name="failure">The server's words.</param>
    public static int Outcome(CommandContext context, string what, string? lifecycle, string? failure)
    {
        if (lifecycle is not ("MISCONFIGURED" or "FAILED")) return ExitCodes.Success;
        context.Error.WriteLine($"sluice: {what} is {lifecycle}: {Format.Name(failure ?? "")}");
        return ExitCodes.Failed;
    }
}
