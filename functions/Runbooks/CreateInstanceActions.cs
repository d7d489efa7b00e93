using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="CreateInstance"/>.</summary>
public sealed class CreateInstanceActions(TenantSteps steps, IGateways gateways) : TenantActions(steps)
{
    /// <exception cref="ProblemException">409: it exists. A gateway that cannot be asked is the run's own first step to tell.</exception>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var list = await gateways.Open(system, system.Gateway(target.Gateway)).ListAsync(cancellation);
        if (list.Value?.FirstOrDefault(instance => instance.Name == target.Instance) is { } there)
            throw new ProblemException(
                409, $"Instance {target.Instance} exists on gateway {target.Gateway} ({there.State.ToName()}): there is nothing to create.", null,
                "Run reconnect, or recover-instance where that does not help.");
        return target;
    }

    /// <summary>The same at the run's own time: an approval may have taken hours.</summary>
    public async Task<StepResult> CheckMissingAsync(StepContext step, CancellationToken cancellation)
    {
        var gone = await Instance.IsGoneAsync(step, cancellation);
        if (gone.Outcome == StepOutcome.Done) return StepResult.Done($"{step.Target.Instance} is missing.");
        var state = await Instance.StateAsync(step, cancellation);
        return state.IsSeen ? StepResult.Failed($"{step.Target.Instance} exists by now ({state.Value.ToName()}): there is nothing to create.") : StepResult.Retry(gone.Detail);
    }
}
