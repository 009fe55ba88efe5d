using Sluice.TestKit;

namespace Sluice.SystemTests.Cancel;

/// <summary>Notices the moment at which a trial cancels, from the requests that pass the proxy, and does the plan's harm to them.</summary>
internal sealed class CancelTrigger
{
    private readonly TrialPlan _plan;
    private readonly string _prefix;
    private readonly Func<ProxyRequest, bool> _begins;
    private readonly int _nth;
    private readonly Func<ProxyRequest, ProxyAction> _faults;
    private readonly HashSet<string> _begun = [];
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="plan">When the trial cancels.</param>
    /// <param name="prefix">The trial's keys.</param>
    /// <param name="begins">The requests that are counted, by their keys.</param>
    /// <param name="nth">For moments that count: which one.</param>
    public CancelTrigger(TrialPlan plan, string prefix, Func<ProxyRequest, bool> begins, int nth)
    {
        (_plan, _prefix, _begins, _nth) = (plan, prefix, begins, nth);
        _faults = plan.HasFaults ? ProxyFaults.Random((ulong)plan.Seed, new ProxyFaultRates { ServerError = 0.05, SlowDown = 0.05 }) : _ => ProxyAction.Forward;
    }

    /// <summary>The proxy's rule during the trial.</summary>
    public ProxyAction Rule(ProxyRequest request)
    {
        var action = _faults(request);
        if (!_begins(request) || !request.Key.StartsWith(_prefix, StringComparison.Ordinal)) return action;

        // AtEnd: the n-th is stored before the (n+1)-th of a single mover begins, and about then with several.
        var count = _plan.Moment == CancelMoment.AtEnd ? _nth + 1 : _nth;
        if (_begun.Add(request.Key) && _begun.Count >= count) _reached.TrySetResult();
        return _plan.Moment == CancelMoment.WhileHeld && _begun.Count >= _nth ? action.When(_released.Task) : action;
    }

    /// <summary>Waits for the moment, or for the task's end where it never comes.</summary>
    public async Task WaitAsync(Func<Task> ended, CancellationToken cancellationToken)
    {
        switch (_plan.Moment)
        {
            case CancelMoment.AtOnce:
                return;
            case CancelMoment.AfterDelay:
                await Task.Delay(_plan.Delay, TimeProvider.System, cancellationToken);
                return;
            default:
                await Task.WhenAny(_reached.Task, ended());
                return;
        }
    }

    /// <summary>Lets go what was held.</summary>
    public void Release() => _released.TrySetResult();
}
