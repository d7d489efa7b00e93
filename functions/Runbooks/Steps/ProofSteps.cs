using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The read-back at a run's end.</summary>
public sealed class ProofSteps(IGateways gateways, ITenantDirectory directory, WebhookSteps webhooks)
{
    /// <summary>Open, or only the pairing missing when nobody scanned; the webhook is told, not judged.</summary>
    public async Task<StepResult> IsOpenAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Outcome} {state.Detail}");
        if (state.Value != InstanceState.Open && !step.Unanswered) return StepResult.Retry($"The state is {state.Value.ToName()}, not open.");
        var webhook = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        return StepResult.Done(
            state.Value == InstanceState.Open ? "Open." : "Nobody has paired it.", ("stateAfter", state.Value.ToName()), ("webhookAfter", webhook.Value?.ToString() ?? webhook.Outcome.ToString()));
    }

    /// <summary>Open (or only the pairing missing, when nobody scanned), with the desired webhook and the product's row naming the instance.</summary>
    public async Task<StepResult> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Outcome} {state.Detail}");
        if (state.Value != InstanceState.Open && !step.Unanswered) return StepResult.Retry($"The state is {state.Value}, not open.");
        var webhook = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        if (webhook.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The webhook cannot be read: {webhook.Detail}");
        if (await webhooks.DesiredAsync(step, cancellation) is { } desired && !WebhookSteps.IsAsDesired(webhook.Value, desired)) return StepResult.Retry("The webhook is not as it should be.");
        var tenant = await directory.FindAsync(step.System, step.Target.Tenant, cancellation);
        if (tenant?.Integration?.InstanceName != step.Target.Instance) return StepResult.Retry("The product's row does not name the instance.");
        return StepResult.Done(
            step.Unanswered && state.Value != InstanceState.Open ? "Everything is in place but the pairing." : "Open, with its webhook and its row.",
            ("stateAfter", state.Value.ToString()), ("webhookAfter", webhook.Value?.ToString() ?? "none"), ("rowAfter", tenant.Integration.ConnectionStatus ?? ""));
    }
}
