using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>What runbooks do with an instance on its gateway. Each reads before it writes and may be repeated at any time.</summary>
public sealed class InstanceSteps(IGateways gateways, PairingCodes codes, RunbookPatience patience, IEnumerable<IInstanceTokenHashes> tokens, TimeProvider time)
{
    private const string Version = "gateway-version";
    private const string Created = "created";
    private const string Deleted = "deleted";

    /// <summary>The gateway answers, is the one of the plan, and accepts its key; keeps its version for <see cref="VersionAsync"/>.</summary>
    public async Task<StepResult> CheckTargetAsync(StepContext step, CancellationToken cancellation)
    {
        if (step.HasMoved() is { } moved) return moved;
        var version = await gateways.Open(step).ProbeAsync(cancellation);
        if (!version.IsSeen) return StepResult.Retry($"Gateway {step.Target.Gateway} does not tell its version: {version.Detail}");
        await step.Artifacts.KeepAsync(Version, version.Value!.Version, cancellation);
        var list = await gateways.Open(step).ListAsync(cancellation);
        return list.Outcome switch
        {
            Outcome.Seen when step.Target.Tenant == RunTarget.NoTenant => StepResult.Done("The gateway answers.", ("gatewayVersion", version.Value!.Version)),
            Outcome.Seen => Found(list.Value!.FirstOrDefault(instance => instance.Name == step.Target.Instance)),
            Outcome.Unauthorized => StepResult.Failed($"Gateway {step.Target.Gateway} refuses its key."),
            _ => StepResult.Retry($"Gateway {step.Target.Gateway} does not answer: {list.Detail}"),
        };

        StepResult Found(InstanceSnapshot? instance) => StepResult.Done(
            instance is null ? $"The gateway answers; {step.Target.Instance} is not there." : $"The gateway answers; {step.Target.Instance} is {instance.State}.",
            ("gatewayVersion", version.Value!.Version), ("stateBefore", instance?.State.ToString() ?? "absent"), ("pairedBefore", (instance?.IsPaired ?? false).ToString()));
    }

    /// <summary>The version that <see cref="CheckTargetAsync"/> saw; null before it.</summary>
    internal static Task<string?> VersionAsync(StepContext step, CancellationToken cancellation) => step.Artifacts.FindAsync(Version, cancellation);

    /// <summary>Whether this run has asked the gateway to create the instance.</summary>
    internal static async Task<bool> HasCreatedAsync(StepContext step, CancellationToken cancellation) => await step.Artifacts.FindAsync(Created, cancellation) is not null;

    /// <summary>Whether this run's request to delete the instance was accepted.</summary>
    internal static async Task<bool> HasDeletedAsync(StepContext step, CancellationToken cancellation) => await step.Artifacts.FindAsync(Deleted, cancellation) is not null;

    /// <summary>The live state, as the gateway tells it.</summary>
    internal Task<Observation<InstanceState>> StateAsync(StepContext step, CancellationToken cancellation) =>
        gateways.Open(step).StateAsync(step.Target.Instance, cancellation);

    public async Task<StepResult> LogoutAsync(StepContext step, CancellationToken cancellation)
    {
        var answer = await gateways.Open(step).LogoutAsync(step.Target.Instance, cancellation);
        return answer.IsAccepted ? StepResult.Done("Logged out, or was not logged in.") : StepResult.Retry($"Logout was refused: {answer.Detail}");
    }

    public async Task<StepResult> DeleteAsync(StepContext step, CancellationToken cancellation)
    {
        var answer = await gateways.Open(step).DeleteAsync(step.Target.Instance, cancellation);
        if (!answer.IsAccepted) return StepResult.Retry($"The removal was refused: {answer.Detail}");
        await step.Artifacts.KeepAsync(Deleted, "asked", cancellation);
        return StepResult.Done("The gateway accepted the removal.");
    }

    /// <summary>The gateway removes later: gone means that neither the state nor the list knows the name.</summary>
    public async Task<StepResult> IsGoneAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        if (state.Outcome != Outcome.Absent) return StepResult.NotYet($"The gateway still knows {step.Target.Instance}{(state.IsSeen ? "" : $" ({state.Detail})")}.");
        var list = await gateways.Open(step).ListAsync(cancellation);
        if (!list.IsSeen) return StepResult.NotYet($"The list cannot be read: {list.Detail}");
        return list.Value!.Any(instance => instance.Name == step.Target.Instance)
            ? StepResult.NotYet($"The list still has {step.Target.Instance}.")
            : StepResult.Done($"{step.Target.Instance} is gone.", ("goneAt", time.GetUtcNow().ToString("O")));
    }

    /// <summary>
    /// Two creates of one name must never race: the lock keeps other runs away, and an answer nobody got is waited out and read back first.
    /// </summary>
    /// <param name="webhook">Its webhook from the first moment; null creates it without one.</param>
    public async Task<StepResult> CreateAsync(StepContext step, WebhookSettings? webhook, CancellationToken cancellation)
    {
        if (step.UnfinishedSince is { } began && time.GetUtcNow() - began < patience.Scaled(patience.Settle))
            return StepResult.NotYet("An earlier request may still be under way; reading back before repeating it.", patience.Settle);
        var list = await gateways.Open(step).ListAsync(cancellation);
        if (!list.IsSeen) return StepResult.Retry($"The list cannot be read: {list.Detail}");
        if (list.Value!.FirstOrDefault(instance => instance.Name == step.Target.Instance) is { } there)
        {
            foreach (var hashes in tokens) await hashes.RecordAsync(step.Target.System, step.Target.Gateway, step.Target.Tenant, there, cancellation);
            return StepResult.Done($"{step.Target.Instance} is there.", ("instanceId", there.InstanceId ?? "unknown"));
        }

        // Before it is asked: an answer that nobody gets must not hide from a compensation that it may be there.
        await step.Artifacts.KeepAsync(Created, "asked", cancellation);
        var answer = await gateways.Open(step).CreateAsync(new(step.Target.Instance, webhook), cancellation);
        return answer.Result switch
        {
            // Accepted is not proven: the next look at the list decides.
            GatewayResult.Done or GatewayResult.AlreadySo => StepResult.NotYet("Created; reading it back.", TimeSpan.FromSeconds(0.5)),
            GatewayResult.NameInUse => StepResult.NotYet("The gateway still holds the name.", TimeSpan.FromSeconds(10)),
            GatewayResult.Unreachable => StepResult.NotYet("No answer; reading back before repeating.", patience.Settle),
            GatewayResult.Unauthorized => StepResult.Failed($"Gateway {step.Target.Gateway} refuses its key."),
            _ => StepResult.Retry($"The gateway refused to create it: {answer.Detail}"),
        };
    }

    public async Task<StepResult> ConnectAsync(StepContext step, CancellationToken cancellation)
    {
        var code = await gateways.Open(step).ConnectAsync(step.Target.Instance, cancellation);
        return code.IsSeen ? StepResult.Done($"The gateway is {code.Value!.State}.") : StepResult.Retry($"The pairing did not start: {code.Detail}");
    }

    /// <summary>The proof of a person's scan is the state as the gateway tells it, not a click.</summary>
    public async Task<StepResult> IsPairedAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        return state is { IsSeen: true, Value: InstanceState.Open }
            ? StepResult.Done("Paired: the state is open.", ("pairedAt", time.GetUtcNow().ToString("O")))
            : StepResult.NotYet($"Waiting for the QR code to be scanned (state {(state.IsSeen ? state.Value.ToString() : state.Outcome.ToString())}).");
    }

    /// <summary>The code to scan, live; null while there is none.</summary>
    public Task<LiveCode?> QrAsync(StepContext step, CancellationToken cancellation) =>
        codes.ShareAsync(step.RunId, step.Target.Gateway, step.Target.Instance, token => gateways.Open(step).ConnectAsync(step.Target.Instance, token), cancellation);
}
