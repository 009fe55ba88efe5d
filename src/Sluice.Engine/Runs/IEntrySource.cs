using System.Threading.Channels;

namespace Sluice.Engine.Runs;

/// <summary>Finds the entries a task acts on. Holds neither a tree nor a listing in memory.</summary>
internal interface IEntrySource<TEntry>
    where TEntry : IWorkEntry
{
    /// <summary>Hands on, in batches, what needs work and counts it in TotalCount where that is certain; counts as done what an earlier life of the task
    /// did. Returns at the end, or soon after the task is stopped.</summary>
    /// <param name="batches">May be written to by several threads.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    Task FindAsync(ChannelWriter<List<TEntry>> batches, CancellationToken cancellationToken);

    /// <summary>Counts what an earlier life of the task did, touching nothing.</summary>
    Task RecountAsync(CancellationToken cancellationToken);
}
