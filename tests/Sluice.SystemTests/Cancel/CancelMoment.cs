namespace Sluice.SystemTests.Cancel;

/// <summary>When a trial cancels.</summary>
internal enum CancelMoment
{
    /// <summary>Right after CreateDataRepositoryTask was answered.</summary>
    AtOnce,

    /// <summary>When the first request of the n-th object has arrived at the bucket.</summary>
    AtStart,

    /// <summary>As <see cref="AtStart"/>, while all requests from that one on are held back until the cancel is answered.</summary>
    WhileHeld,

    /// <summary>When the n-th object is stored.</summary>
    AtEnd,

    /// <summary>After a random time.</summary>
    AfterDelay,
}
