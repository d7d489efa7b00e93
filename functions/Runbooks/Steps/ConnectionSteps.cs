using System.Globalization;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>What brings an instance back to open without costing its pairing.</summary>
public sealed class ConnectionSteps(IGateways gateways, TimeProvider time)
{
    private const string Before = "updated-before-restart";
    private const string Unknown = "unknown";

    /// <summary>What the instance needs to be open, as well as it can be told from outside.</summary>
    internal async Task<InstanceLook> LookAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        return state switch
        {
            { Outcome: Outcome.Absent } => await AbsentAsync(step, cancellation),
            { IsSeen: false } => new(InstanceNeed.Sight, $"The state cannot be read: {state.Detail}"),
            { Value: InstanceState.Open } => await ProvenAsync(step, cancellation),
            { Value: InstanceState.Close or InstanceState.Refused } => await ClosedAsync(step, cancellation),
            { Value: InstanceState.Paired } => new(InstanceNeed.Sight, $"The instance is paired, and whether it is connected is not known: {state.Detail}."),
            _ => new(InstanceNeed.Time, $"The instance is {state.Value.ToName()}."),
        };
    }

    /// <summary>Restarts the instance, or connects it when it is closed: Evolution answers a restart of a closed one with 200 {error:true}.</summary>
    public async Task<StepResult> RestartAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        switch (state)
        {
            case { Outcome: Outcome.Absent }:
                return StepResult.Failed($"{step.Target.Instance} does not exist: run create-instance.");
            case { IsSeen: false }:
                return StepResult.Retry($"The state cannot be read: {state.Detail}");
            case { Value: InstanceState.NotLoaded }:
                // Neither restart nor connect reaches what is not in the gateway's memory; after its own restart it loads by itself.
                return StepResult.NotYet("The gateway has not loaded the instance. If this stays, restart the gateway itself.") with { Facts = new Dictionary<string, string> { ["state"] = "not_loaded" } };
            case { Value: InstanceState.Close or InstanceState.Refused }:
                return await ReconnectAsync(step, cancellation);
            case { Value: InstanceState.Open } when step.LastFacts.GetValueOrDefault("state") == "not_loaded":
                return StepResult.Done("The gateway has loaded it, and it is open.");
        }

        var list = await gateways.Open(step).ListAsync(cancellation);
        if (!list.IsSeen) return StepResult.Retry($"The list cannot be read: {list.Detail}");
        // What was already down proves itself by being open; what says open must show that something happened.
        var updated = state.Value == InstanceState.Open ? list.Value!.FirstOrDefault(instance => instance.Name == step.Target.Instance)?.UpdatedAt : null;
        await step.Artifacts.KeepAsync(Before, Mark(updated), cancellation);
        var answer = await gateways.Open(step).RestartAsync(step.Target.Instance, cancellation);
        return answer.IsAccepted ? StepResult.Done("The gateway accepted the restart.", ("stateBefore", state.Value.ToName())) : StepResult.Retry($"The restart was refused: {answer.Detail}");
    }

    /// <summary>Asks the gateway to connect what is not open. Not what was logged out: that would only show QR codes to nobody.</summary>
    public async Task<StepResult> ReconnectAsync(StepContext step, CancellationToken cancellation)
    {
        var look = await LookAsync(step, cancellation);
        if (look.Need == InstanceNeed.Nothing) return StepResult.Done("It is open already.");
        if (look.Need == InstanceNeed.Sight) return StepResult.Retry(look.Detail);
        if (look.Need != InstanceNeed.Time) return StepResult.Failed(look.Advice);
        var code = await gateways.Open(step).ConnectAsync(step.Target.Instance, cancellation);
        return code.IsSeen ? StepResult.Done($"The gateway is {code.Value!.State.ToName()}.") : StepResult.Retry($"It did not connect: {code.Detail}");
    }

    /// <summary>Open, and after a restart visibly so. What only a person or another runbook can mend fails at once.</summary>
    public async Task<StepResult> IsOpenAsync(StepContext step, CancellationToken cancellation)
    {
        var look = await LookAsync(step, cancellation);
        return look.Need switch
        {
            InstanceNeed.Nothing => StepResult.Done("The state is open.", ("openAt", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture))),
            InstanceNeed.Time or InstanceNeed.Sight => StepResult.NotYet(look.Detail),
            _ => StepResult.Failed(look.Advice),
        };
    }

    private async Task<InstanceLook> AbsentAsync(StepContext step, CancellationToken cancellation)
    {
        var list = await gateways.Open(step).ListAsync(cancellation);
        return list.IsSeen && list.Value!.All(instance => instance.Name != step.Target.Instance)
            ? new(InstanceNeed.Creation, $"{step.Target.Instance} does not exist.")
            : new(InstanceNeed.Sight, "The gateway does not know the instance on a direct look, but cannot be said to lack it.");
    }

    private async Task<InstanceLook> ClosedAsync(StepContext step, CancellationToken cancellation)
    {
        var list = await gateways.Open(step).ListAsync(cancellation);
        var listed = list.Value?.FirstOrDefault(instance => instance.Name == step.Target.Instance);
        if (listed is { MustPair: true }) return new(InstanceNeed.Pairing, "The gateway has no device of it: it was logged out, or never paired.");
        var reason = listed?.DisconnectionReason;
        return DisconnectionReasons.IsTerminal(reason)
            ? new(InstanceNeed.Pairing, string.Create(CultureInfo.InvariantCulture, $"WhatsApp ended the session for good (reason {reason})."))
            : new(InstanceNeed.Time, "The instance is closed.") { IsClosed = true };
    }

    // A zombie answers a restart with success, does nothing, and goes on saying open. The row of a gateway that really restarted it is newer.
    private async Task<InstanceLook> ProvenAsync(StepContext step, CancellationToken cancellation)
    {
        if (await step.Artifacts.FindAsync(Before, cancellation) is not { } before || before == Unknown) return new(InstanceNeed.Nothing, "The state is open.");
        var list = await gateways.Open(step).ListAsync(cancellation);
        return list.Value?.FirstOrDefault(instance => instance.Name == step.Target.Instance) is { } row && Mark(row.UpdatedAt) != before
            ? new(InstanceNeed.Nothing, "The state is open.")
            : new(InstanceNeed.Time, "The state says open, but nothing shows that the restart took place.");
    }

    private static string Mark(DateTimeOffset? updated) => updated?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) ?? Unknown;
}
