using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="Reauthenticate"/>.</summary>
public sealed class ReauthenticateActions(TenantSteps steps, PairingSteps pairing, IGateways gateways, ITenantDirectory directory) : TenantActions(steps)
{
    public PairingSteps Pairing => pairing;

    /// <summary>Refuses what has nothing to pair. A gateway that cannot be asked now is left to the run's first step.</summary>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        if (system.Gateways.FirstOrDefault(gateway => gateway.Name == target.Gateway) is not { } endpoint) return target;
        if (system.Kind is SystemKinds.TurboZap or SystemKinds.TaktChat && target.Parameters?.ContainsKey(PairingSteps.Number) == true)
            throw new ProblemException(
                409, $"{(system.Kind == SystemKinds.TurboZap ? "TurboZap" : "TaktChat")} shows QR codes only: a number brings no pairing code.", $"$.parameters.{PairingSteps.Number}", "Leave the number out.");
        var state = await gateways.Open(system, endpoint).StateAsync(target.Instance, cancellation);
        if (state is { IsSeen: true, Value: InstanceState.Open })
            throw new ProblemException(409, $"{target.Instance} is open: there is nothing to pair again.", "$.tenant", "Look at it: whatsops tenant.");
        return state.Outcome == Outcome.Absent ? throw Missing(target) : target;
    }

    public async Task<StepResult> CheckSessionAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Instance.StateAsync(step, cancellation);
        return state.Outcome switch
        {
            Outcome.Seen => StepResult.Done($"{step.Target.Instance} is {state.Value}.", ("sessionBefore", state.Value.ToString())),
            Outcome.Absent => StepResult.Failed(Missing(step.Target).Message),
            _ => StepResult.Retry($"The state cannot be read: {state.Detail}"),
        };
    }

    /// <summary>
    /// Writes whether it is connected now. Which webhook the product believes in stays as it is, since this run has not touched it; so does what the product has
    /// switched off, unless it works again.
    /// </summary>
    public async Task<StepResult> TellProductAsync(StepContext step, CancellationToken cancellation)
    {
        var row = await RowAsync(step, cancellation);
        if (row?.InstanceName != step.Target.Instance) return StepResult.Done("The product's row does not name the instance: it is left alone.");
        var state = await Instance.StateAsync(step, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        var (isOpen, status) = state.Value == InstanceState.Open ? (true, "connected") : (false, "disconnected");
        await directory.SaveIntegrationAsync(
            step.System, step.Target.Tenant, new(step.Target.Instance, row.ApiUrl ?? step.Endpoint().Url, WebhookUrl: null, isOpen || row.IsActive, status), cancellation);
        return StepResult.Done($"The product's row says {status}.", ("connectionStatus", status));
    }

    /// <summary>Open, or unpaired with the reason; the product's row is told.</summary>
    public async Task<StepResult> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Instance.StateAsync(step, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        if (state.Value != InstanceState.Open && !step.Unanswered) return StepResult.Retry($"The state is {state.Value}, not open.");
        var row = await RowAsync(step, cancellation);
        return StepResult.Done(
            state.Value == InstanceState.Open ? "Open again." : await PairingSteps.UnpairedAsync(step, cancellation),
            ("stateAfter", state.Value.ToString()), ("rowAfter", row?.ConnectionStatus ?? "none"));
    }

    private async Task<TenantIntegration?> RowAsync(StepContext step, CancellationToken cancellation) =>
        (await directory.FindAsync(step.System, step.Target.Tenant, cancellation))?.Integration;

    private static ProblemException Missing(RunTarget target) =>
        new(409, $"Gateway {target.Gateway} has no {target.Instance}, so there is nothing to pair: reset-integration makes it anew.", "$.tenant", "whatsops runbooks run reset-integration.");
}
