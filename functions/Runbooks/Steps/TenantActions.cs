using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>Base of a tenant runbook's actions: the steps that runbooks share, named in the declaration as <c>a =&gt; a.Webhook.DisableAsync</c>.</summary>
public abstract class TenantActions(TenantSteps steps) : ITenantSteps
{
    public InstanceSteps Instance => steps.Instance;

    public ConnectionSteps Connection => steps.Connection;

    public WebhookSteps Webhook => steps.Webhook;

    public IntegrationSteps Integration => steps.Integration;

    public ProofSteps Proof => steps.Proof;

    /// <summary>Creates the instance with its webhook from the first moment.</summary>
    public async Task<StepResult> CreateInstanceAsync(StepContext step, CancellationToken cancellation) =>
        await Instance.CreateAsync(step, await Webhook.DesiredAsync(step, cancellation), cancellation);

    /// <summary>Keeps the webhook settings and the product's rows: the run keeps either both or tries again.</summary>
    public async Task<StepResult> ExportConfigAsync(StepContext step, CancellationToken cancellation)
    {
        var webhook = await Webhook.ExportAsync(step, cancellation);
        if (webhook.Outcome != StepOutcome.Done) return webhook;
        var rows = await Integration.ExportAsync(step, cancellation);
        return webhook with { Detail = $"{rows.Detail} {webhook.Detail}" };
    }

    /// <summary>
    /// Removes what <see cref="CreateInstanceAsync"/> made in this run, and only that. An instance that a person has paired by now stays: a
    /// pairing cannot be given back.
    /// </summary>
    public async Task<StepResult> RemoveCreatedAsync(StepContext step, CancellationToken cancellation)
    {
        if (!await InstanceSteps.HasCreatedAsync(step, cancellation)) return StepResult.Done("This run created nothing.");
        var gone = await Instance.IsGoneAsync(step, cancellation);
        if (gone.Outcome == StepOutcome.Done) return gone;
        var state = await Instance.StateAsync(step, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        if (state.Value is InstanceState.Open or InstanceState.Paired) return StepResult.Done("It is paired by now, so it stays.", ("left", step.Target.Instance));
        if (await InstanceSteps.HasDeletedAsync(step, cancellation)) return StepResult.NotYet(gone.Detail);
        // Evolution delivers REMOVE_INSTANCE, with all retries, before it removes anything.
        var silenced = await Webhook.DisableAsync(step, cancellation);
        if (silenced.Outcome != StepOutcome.Done) return silenced;
        var asked = await Instance.DeleteAsync(step, cancellation);
        return asked.Outcome == StepOutcome.Done ? StepResult.NotYet("Its removal is under way.") : asked;
    }
}
