using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="MigrateInstance"/>. The run's own place is the old gateway; <see cref="New"/> is the other one.</summary>
public sealed class MigrateInstanceActions(TenantSteps steps, PairingSteps pairing, MigrationTargets targets, ProductKeys keys, IGateways gateways, ITenantDirectory directory)
    : TenantActions(steps)
{
    public const string ToGateway = "toGateway";

    private const string LogoutAsked = "old-logout-asked", TakenBack = "taken-back";

    public Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation) => targets.PrepareAsync(system, target, cancellation);

    public async Task<StepResult> CheckSourceAsync(StepContext step, CancellationToken cancellation)
    {
        var seen = await Instance.CheckTargetAsync(step, cancellation);
        return seen.Outcome == StepOutcome.Done && seen.Facts["stateBefore"] == "absent" ? StepResult.Failed($"{step.Target.Instance} is not on {step.Target.Gateway}: there is nothing to move.") : seen;
    }

    public async Task<StepResult> CheckNewAsync(StepContext step, CancellationToken cancellation)
    {
        var seen = await Instance.CheckTargetAsync(New(step), cancellation);
        return seen.Outcome == StepOutcome.Done && seen.Facts["stateBefore"] != "absent" ? StepResult.Failed($"{New(step).Target.Gateway} has {step.Target.Instance} by now, and not by this run.") : seen;
    }

    /// <summary>Keeps rows and webhook; the settings found on the old gateway are those of the new one where WhatsOps' receiver is not to be set.</summary>
    public async Task<StepResult> KeepConfigAsync(StepContext step, CancellationToken cancellation)
    {
        var kept = await ExportConfigAsync(step, cancellation);
        if (kept.Outcome == StepOutcome.Done) await WebhookSteps.CarryAsync(step, New(step), cancellation);
        return kept;
    }

    public Task<StepResult> CreateNewAsync(StepContext step, CancellationToken cancellation) => Instance.CreateAsync(New(step), webhook: null, cancellation);

    /// <summary>Removes what <see cref="CreateNewAsync"/> made, paired or not: the phone's first device, the old instance, still works.</summary>
    public Task<StepResult> RemoveNewAsync(StepContext step, CancellationToken cancellation) => UnlessOverAsync(step, async () =>
    {
        var there = New(step);
        if (!await InstanceSteps.HasCreatedAsync(there, cancellation)) return StepResult.Done("This run created nothing.");
        var gone = await Instance.IsGoneAsync(there, cancellation);
        if (gone.Outcome == StepOutcome.Done) return gone;
        if (await InstanceSteps.HasDeletedAsync(there, cancellation)) return StepResult.NotYet(gone.Detail);
        // Evolution delivers REMOVE_INSTANCE, with all retries, before it removes anything.
        var silenced = await Webhook.DisableAsync(there, cancellation);
        if (silenced.Outcome != StepOutcome.Done) return silenced;
        var asked = await Instance.DeleteAsync(there, cancellation);
        return asked.Outcome == StepOutcome.Done ? StepResult.NotYet("Its removal is under way.", TimeSpan.FromSeconds(2)) : asked;
    }, cancellation);

    public Task<StepResult> StartPairingAsync(StepContext step, CancellationToken cancellation) => pairing.StartAsync(New(step), cancellation);

    public Task<StepResult> IsNewPairedAsync(StepContext step, CancellationToken cancellation) => pairing.IsPairedAsync(New(step), cancellation);

    public Task<LiveCode?> NewCodeAsync(StepContext step, CancellationToken cancellation) => pairing.CodeAsync(New(step), cancellation);

    public async Task<StepResult> ProveOpenAsync(StepContext step, CancellationToken cancellation)
    {
        var there = New(step);
        var state = await Instance.StateAsync(there, cancellation);
        if (state is not { IsSeen: true, Value: InstanceState.Open }) return StepResult.NotYet($"It is {(state.IsSeen ? state.Value : state.Outcome)}, not open.");
        var list = await gateways.Open(there).ListAsync(cancellation);
        return list.Value?.FirstOrDefault(instance => instance.Name == there.Target.Instance) is { IsPaired: true }
            ? StepResult.Done($"Open and paired on {there.Target.Gateway}.", ("newState", "Open"))
            : StepResult.NotYet($"The list of {there.Target.Gateway} does not show it paired.");
    }

    public Task<StepResult> RestoreOldWebhookAsync(StepContext step, CancellationToken cancellation) => UnlessOverAsync(step, () => Webhook.RestoreAsync(step, cancellation), cancellation);

    public Task<StepResult> EnableNewWebhookAsync(StepContext step, CancellationToken cancellation) => Webhook.EnsureAsync(New(step), cancellation);

    public Task<StepResult> DisableNewWebhookAsync(StepContext step, CancellationToken cancellation) => UnlessOverAsync(step, () => Webhook.DisableAsync(New(step), cancellation), cancellation);

    public Task<StepResult> SaveAsync(StepContext step, CancellationToken cancellation) => Integration.TellProductAsync(New(step), cancellation);

    public Task<StepResult> RestoreRowsAsync(StepContext step, CancellationToken cancellation) => UnlessOverAsync(step, () => Integration.RestoreAsync(step, cancellation), cancellation);

    public async Task<StepResult> AsksForKeyAsync(StepContext step, CancellationToken cancellation) => await keys.FindAsync(New(step), cancellation) == ProductKey.Another
        ? StepResult.Chose("ask", "The product keeps a gateway key in its row, and it is not the new gateway's.")
        : StepResult.Chose("nothing", "The product keeps no gateway key in its row, or the right one.");

    public async Task<StepResult> HasNewKeyAsync(StepContext step, CancellationToken cancellation) => await keys.FindAsync(New(step), cancellation) == ProductKey.Another
        ? StepResult.NotYet($"config.api_key is not the key of {New(step).Target.Gateway} yet.")
        : StepResult.Done($"The product has the key of {New(step).Target.Gateway}.");

    /// <summary>The last look before the old session ends.</summary>
    public async Task<StepResult> ProveAsync(StepContext step, CancellationToken cancellation)
    {
        var proof = await ProveNewAsync(step, cancellation);
        if (proof.Outcome != StepOutcome.Done) return proof;
        var old = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        if (old.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The webhook on {step.Target.Gateway} cannot be read: {old.Detail}");
        return old.Value is { Enabled: true } ? StepResult.Retry($"The webhook on {step.Target.Gateway} is enabled, so events would come twice.") : proof;
    }

    /// <summary>The point of no return. A run may have been paused before it for days, so the new instance is looked at once more.</summary>
    public async Task<StepResult> LogoutOldAsync(StepContext step, CancellationToken cancellation)
    {
        if (await step.Artifacts.FindAsync(LogoutAsked, cancellation) is null)
        {
            var there = await Instance.StateAsync(New(step), cancellation);
            if (there is not { IsSeen: true, Value: InstanceState.Open }) return StepResult.NotYet($"The new instance is {(there.IsSeen ? there.Value : there.Outcome)}, not open; the old one is kept.");
        }

        var state = await Instance.StateAsync(step, cancellation);
        if (state.Outcome == Outcome.Absent || state is { IsSeen: true, Value: InstanceState.Close or InstanceState.Refused }) return StepResult.Done("The old session is over.", ("oldState", state.IsSeen ? state.Value.ToString() : "absent"));
        // Before it is asked: from here on nobody knows whether the old session lives.
        await step.Artifacts.KeepAsync(LogoutAsked, "asked", cancellation);
        var answer = await gateways.Open(step).LogoutAsync(step.Target.Instance, cancellation);
        return StepResult.NotYet(answer.IsAccepted ? "Logged out; reading it back." : $"The logout was refused: {answer.Detail}", answer.IsAccepted ? TimeSpan.FromSeconds(1) : null);
    }

    /// <summary>Asks once, then looks; trouble is no failure, since nothing hangs on it any more.</summary>
    public async Task<StepResult> RemoveOldAsync(StepContext step, CancellationToken cancellation)
    {
        var gone = await Instance.IsGoneAsync(step, cancellation);
        if (gone.Outcome == StepOutcome.Done) return StepResult.Chose("gone", gone.Detail) with { Facts = gone.Facts };
        if (await InstanceSteps.HasDeletedAsync(step, cancellation)) return StepResult.NotYet(gone.Detail);
        var asked = await Instance.DeleteAsync(step, cancellation);
        return asked.Outcome == StepOutcome.Done ? StepResult.NotYet("Its removal is under way.", TimeSpan.FromSeconds(2)) : StepResult.NotYet(asked.Detail);
    }

    /// <summary>Not yet rather than wrong: there is no way back any more.</summary>
    public async Task<StepResult> VerifyAsync(StepContext step, CancellationToken cancellation) =>
        await ProveNewAsync(step, cancellation) is var proof && proof.Outcome == StepOutcome.Retry ? StepResult.NotYet(proof.Detail) : proof;

    private async Task<StepResult> ProveNewAsync(StepContext step, CancellationToken cancellation)
    {
        var there = New(step);
        var proof = await Proof.VerifyAsync(there, cancellation);
        if (proof.Outcome != StepOutcome.Done) return proof;
        var row = (await directory.FindAsync(step.System, step.Target.Tenant, cancellation))?.Integration;
        return row?.ApiUrl == there.Endpoint().Url ? proof : StepResult.Retry($"The product's row does not point to {there.Target.Gateway}.");
    }

    // Once the old session is over there is no back: the new instance is the one that works, and taking it away would leave none. Decided once for all compensations.
    private async Task<StepResult> UnlessOverAsync(StepContext step, Func<Task<StepResult>> undo, CancellationToken cancellation)
    {
        if (await step.Artifacts.FindAsync(LogoutAsked, cancellation) is null) return await undo();
        var isOpen = await Instance.StateAsync(step, cancellation) is { IsSeen: true, Value: InstanceState.Open };
        await step.Artifacts.KeepAsync(TakenBack, isOpen ? "yes" : "no", cancellation);
        return await step.Artifacts.FindAsync(TakenBack, cancellation) == "yes"
            ? await undo()
            : StepResult.Done($"Not taken back: the session on {step.Target.Gateway} is over, so the way forward is {New(step).Target.Gateway}.");
    }

    private static StepContext New(StepContext step) =>
        step.At(step.Target.Parameters![ToGateway], step.Target.Instance, step.Target.Facts?.GetValueOrDefault(MigrationTargets.ToUrl));
}
