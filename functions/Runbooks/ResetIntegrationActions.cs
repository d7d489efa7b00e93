using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="ResetIntegration"/>. Each reads before it writes and may be repeated at any time.</summary>
public sealed class ResetIntegrationActions(IGateways gateways, ITenantDirectory directory, ITenantSecrets secrets, RunbookPatience patience, TimeProvider time)
{
    private const string Rows = "integration-rows";
    private const string Webhook = "webhook";
    private const string Version = "gateway-version";
    private const string SecretHeader = "x-whatsops-secret";

    public async Task<StepResult> CheckTargetAsync(StepContext step, CancellationToken cancellation)
    {
        if (step.Target.GatewayUrl is { } planned && planned != Endpoint(step).Url)
            return StepResult.Failed($"The fleet file has given gateway {step.Target.Gateway} another address since the plan was made: plan again.");
        var version = await Gateway(step).ProbeAsync(cancellation);
        if (!version.IsSeen) return StepResult.Retry($"Gateway {step.Target.Gateway} does not tell its version: {version.Detail}");
        await step.Artifacts.KeepAsync(Version, version.Value!.Version, cancellation);
        var list = await Gateway(step).ListAsync(cancellation);
        return list.Outcome switch
        {
            Outcome.Seen => Found(list.Value!.FirstOrDefault(instance => instance.Name == step.Target.Instance)),
            Outcome.Unauthorized => StepResult.Failed($"Gateway {step.Target.Gateway} refuses its key."),
            _ => StepResult.Retry($"Gateway {step.Target.Gateway} does not answer: {list.Detail}"),
        };

        StepResult Found(InstanceSnapshot? instance) => StepResult.Done(
            instance is null ? $"The gateway answers; {step.Target.Instance} is not there." : $"The gateway answers; {step.Target.Instance} is {instance.State}.",
            ("gatewayVersion", version.Value!.Version), ("stateBefore", instance?.State.ToString() ?? "absent"), ("pairedBefore", (instance?.IsPaired ?? false).ToString()));
    }

    public async Task<StepResult> ExportConfigAsync(StepContext step, CancellationToken cancellation)
    {
        var webhook = await Gateway(step).WebhookAsync(step.Target.Instance, cancellation);
        if (webhook.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The webhook settings cannot be read: {webhook.Detail}");
        var rows = await directory.ExportIntegrationAsync(step.System, step.Target.Tenant, cancellation);
        await step.Artifacts.KeepAsync(Rows, rows, cancellation);
        var before = webhook.Value is { Enabled: true } ? webhook.Value : await LostWebhookAsync(step, cancellation) ?? webhook.Value;
        await step.Artifacts.KeepAsync(Webhook, JsonSerializer.Serialize(before), cancellation);
        return StepResult.Done(
            $"Kept the product's rows and {(before is null ? "that no webhook is set" : before == webhook.Value ? "the webhook settings" : "the webhook settings that an earlier run could not bring back")}.",
            ("webhookBefore", before?.ToString() ?? "none"));
    }

    public async Task<StepResult> EnsureSecretAsync(StepContext step, CancellationToken cancellation)
    {
        await secrets.EnsureAsync(step.Target.System, step.Target.Tenant, cancellation);
        return StepResult.Done($"{step.Target.Tenant} has a webhook secret; the reset does not change it.");
    }

    public async Task<StepResult> DisableWebhookAsync(StepContext step, CancellationToken cancellation)
    {
        var now = await Gateway(step).WebhookAsync(step.Target.Instance, cancellation);
        if (now.Outcome is Outcome.Unauthorized or Outcome.Unreachable) return StepResult.Retry($"The webhook settings cannot be read: {now.Detail}");
        if (now.Value is not { Enabled: true } webhook) return StepResult.Done("No webhook is enabled.");
        var answer = await Gateway(step).SetWebhookAsync(step.Target.Instance, webhook with { Enabled = false }, cancellation);
        var after = await Gateway(step).WebhookAsync(step.Target.Instance, cancellation);
        return after.Value is { Enabled: true } || !(after.Outcome is Outcome.Seen or Outcome.Absent)
            ? StepResult.Retry($"The webhook is still enabled: {answer.Detail}")
            : StepResult.Done("The webhook is disabled.", ("webhookDisabled", "true"));
    }

    public async Task<StepResult> RestoreWebhookAsync(StepContext step, CancellationToken cancellation)
    {
        if (await KeptWebhookAsync(step, cancellation) is not { } before) return StepResult.Done("There was no webhook to put back.");
        var state = await Gateway(step).StateAsync(step.Target.Instance, cancellation);
        if (state.Outcome == Outcome.Absent) return StepResult.Done("The instance is gone, and its webhook with it.");
        return await SetWebhookAsync(step, before, cancellation);
    }

    public async Task<StepResult> LogoutAsync(StepContext step, CancellationToken cancellation)
    {
        var answer = await Gateway(step).LogoutAsync(step.Target.Instance, cancellation);
        return answer.IsAccepted ? StepResult.Done("Logged out, or was not logged in.") : StepResult.Retry($"Logout was refused: {answer.Detail}");
    }

    public async Task<StepResult> DeleteInstanceAsync(StepContext step, CancellationToken cancellation)
    {
        var answer = await Gateway(step).DeleteAsync(step.Target.Instance, cancellation);
        return answer.IsAccepted ? StepResult.Done("The gateway accepted the removal.") : StepResult.Retry($"The removal was refused: {answer.Detail}");
    }

    /// <summary>The gateway removes later: gone means that neither the state nor the list knows the name.</summary>
    public async Task<StepResult> IsGoneAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Gateway(step).StateAsync(step.Target.Instance, cancellation);
        if (state.Outcome != Outcome.Absent) return StepResult.NotYet($"The gateway still knows {step.Target.Instance}{(state.IsSeen ? "" : $" ({state.Detail})")}.");
        var list = await Gateway(step).ListAsync(cancellation);
        if (!list.IsSeen) return StepResult.NotYet($"The list cannot be read: {list.Detail}");
        return list.Value!.Any(instance => instance.Name == step.Target.Instance)
            ? StepResult.NotYet($"The list still has {step.Target.Instance}.")
            : StepResult.Done($"{step.Target.Instance} is gone.", ("goneAt", time.GetUtcNow().ToString("O")));
    }

    public async Task<StepResult> DeleteRowsAsync(StepContext step, CancellationToken cancellation)
    {
        var count = await directory.DeleteIntegrationAsync(step.System, step.Target.Tenant, cancellation);
        return StepResult.Done(count == 0 ? "The product had no row." : $"Deleted {count} of the product's rows; the copy is kept.", ("rowsDeleted", count.ToString()));
    }

    public async Task<StepResult> RestoreRowsAsync(StepContext step, CancellationToken cancellation)
    {
        if (await step.Artifacts.FindAsync(Rows, cancellation) is not { } rows) return StepResult.Failed("The kept rows are missing.");
        await directory.ImportIntegrationAsync(step.System, step.Target.Tenant, rows, cancellation);
        return StepResult.Done("The product's rows are back as they were.");
    }

    /// <summary>
    /// Two creates of one name must never race: the lock keeps other runs away, and an answer nobody got is waited out and read back first.
    /// </summary>
    public async Task<StepResult> CreateInstanceAsync(StepContext step, CancellationToken cancellation)
    {
        if (step.UnfinishedSince is { } began && time.GetUtcNow() - began < patience.Scaled(patience.Settle))
            return StepResult.NotYet("An earlier request may still be under way; reading back before repeating it.", patience.Settle);
        var list = await Gateway(step).ListAsync(cancellation);
        if (!list.IsSeen) return StepResult.Retry($"The list cannot be read: {list.Detail}");
        if (list.Value!.FirstOrDefault(instance => instance.Name == step.Target.Instance) is { } there)
            return StepResult.Done($"{step.Target.Instance} is there.", ("instanceId", there.InstanceId ?? "unknown"));
        var answer = await Gateway(step).CreateAsync(new(step.Target.Instance, await DesiredWebhookAsync(step, cancellation)), cancellation);
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

    public async Task<StepResult> EnsureWebhookAsync(StepContext step, CancellationToken cancellation) =>
        await DesiredWebhookAsync(step, cancellation) is { } desired
            ? await SetWebhookAsync(step, desired, cancellation)
            : StepResult.Done("No webhook was set, and the fleet file names none.");

    public async Task<StepResult> SaveIntegrationAsync(StepContext step, CancellationToken cancellation)
    {
        await SaveAsync(step, "connecting", cancellation);
        return StepResult.Done("The product knows the new instance.");
    }

    public async Task<StepResult> DeleteNewRowAsync(StepContext step, CancellationToken cancellation)
    {
        await directory.DeleteIntegrationAsync(step.System, step.Target.Tenant, cancellation);
        return StepResult.Done("The new row is gone.");
    }

    public async Task<StepResult> ConnectAsync(StepContext step, CancellationToken cancellation)
    {
        var code = await Gateway(step).ConnectAsync(step.Target.Instance, cancellation);
        return code.IsSeen ? StepResult.Done($"The gateway is {code.Value!.State}.") : StepResult.Retry($"The pairing did not start: {code.Detail}");
    }

    /// <summary>The proof is the state as the gateway tells it, not a click.</summary>
    public async Task<StepResult> IsOpenAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Gateway(step).StateAsync(step.Target.Instance, cancellation);
        return state is { IsSeen: true, Value: InstanceState.Open }
            ? StepResult.Done("Paired: the state is open.", ("pairedAt", time.GetUtcNow().ToString("O")))
            : StepResult.NotYet($"Waiting for the QR code to be scanned (state {(state.IsSeen ? state.Value.ToString() : state.Outcome.ToString())}).");
    }

    public async Task<string?> QrAsync(StepContext step, CancellationToken cancellation)
    {
        var code = await Gateway(step).ConnectAsync(step.Target.Instance, cancellation);
        return code.Value?.Qr;
    }

    public async Task<StepResult> TellProductAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Gateway(step).StateAsync(step.Target.Instance, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        var status = state.Value == InstanceState.Open ? "connected" : "disconnected";
        await SaveAsync(step, status, cancellation);
        return StepResult.Done($"The product's row says {status}.", ("connectionStatus", status));
    }

    public async Task<StepResult> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Gateway(step).StateAsync(step.Target.Instance, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Outcome} {state.Detail}");
        if (state.Value != InstanceState.Open && !step.Unanswered) return StepResult.Retry($"The state is {state.Value}, not open.");
        var webhook = await Gateway(step).WebhookAsync(step.Target.Instance, cancellation);
        if (webhook.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The webhook cannot be read: {webhook.Detail}");
        if (await DesiredWebhookAsync(step, cancellation) is { } desired && !IsAsDesired(webhook.Value, desired)) return StepResult.Retry("The webhook is not as it should be.");
        var tenant = await directory.FindAsync(step.System, step.Target.Tenant, cancellation);
        if (tenant?.Integration?.InstanceName != step.Target.Instance) return StepResult.Retry("The product's row does not name the instance.");
        return StepResult.Done(
            step.Unanswered && state.Value != InstanceState.Open ? "Everything is in place but the pairing." : "Open, with its webhook and its row.",
            ("stateAfter", state.Value.ToString()), ("webhookAfter", webhook.Value?.ToString() ?? "none"), ("rowAfter", tenant.Integration.ConnectionStatus ?? ""));
    }

    private static bool IsAsDesired(WebhookSettings? webhook, WebhookSettings desired) => webhook is not null
        && webhook.Enabled == desired.Enabled && webhook.Url == desired.Url && webhook.ByEvents == desired.ByEvents
        && webhook.Events.ToHashSet().SetEquals(desired.Events)
        && desired.Headers.All(header => webhook.Headers.GetValueOrDefault(header.Key) == header.Value);

    private async Task<StepResult> SetWebhookAsync(StepContext step, WebhookSettings desired, CancellationToken cancellation)
    {
        var now = await Gateway(step).WebhookAsync(step.Target.Instance, cancellation);
        if (IsAsDesired(now.Value, desired)) return StepResult.Done("The webhook is as it should be.", ("webhook", desired.ToString()));
        var answer = await Gateway(step).SetWebhookAsync(step.Target.Instance, desired, cancellation);
        var after = await Gateway(step).WebhookAsync(step.Target.Instance, cancellation);
        return IsAsDesired(after.Value, desired)
            ? StepResult.Done("The webhook is set.", ("webhook", desired.ToString()))
            : StepResult.Retry($"The webhook did not take: {answer.Detail}");
    }

    /// <summary>WhatsOps' receiver where the fleet file asks for it, else what was there before; null: none.</summary>
    private async Task<WebhookSettings?> DesiredWebhookAsync(StepContext step, CancellationToken cancellation)
    {
        // Evolution 1.x sends no headers of ours, so the secret could not travel and the receiver would refuse every event.
        var canProve = await step.Artifacts.FindAsync(Version, cancellation) is { } version && !version.StartsWith("1.", StringComparison.Ordinal);
        if (step.Target.WebhookUrl is not { } url || !canProve) return await KeptWebhookAsync(step, cancellation);
        var secret = await secrets.EnsureAsync(step.Target.System, step.Target.Tenant, cancellation);
        return new(true, url, new Dictionary<string, string> { [SecretHeader] = secret.Current }, step.System.Webhook.Events, false, false);
    }

    /// <summary>A reset that failed after the delete took the webhook with it; what it found is what the product still expects.</summary>
    private static async Task<WebhookSettings?> LostWebhookAsync(StepContext step, CancellationToken cancellation) =>
        await step.Artifacts.FindLostAsync(Webhook, "disable-webhook", cancellation) is { } kept
        && JsonSerializer.Deserialize<WebhookSettings?>(kept) is { Enabled: true } lost ? lost : null;

    private static async Task<WebhookSettings?> KeptWebhookAsync(StepContext step, CancellationToken cancellation) =>
        await step.Artifacts.FindAsync(Webhook, cancellation) is { } kept ? JsonSerializer.Deserialize<WebhookSettings?>(kept) : null;

    private async Task SaveAsync(StepContext step, string status, CancellationToken cancellation)
    {
        var desired = await DesiredWebhookAsync(step, cancellation);
        await directory.SaveIntegrationAsync(
            step.System, step.Target.Tenant, new(step.Target.Instance, Endpoint(step).Url, desired?.Url, IsActive: true, status), cancellation);
    }

    private IGateway Gateway(StepContext step) => gateways.Open(step.System, Endpoint(step));

    private static GatewayEndpoint Endpoint(StepContext step) => step.System.Gateways.FirstOrDefault(gateway => gateway.Name == step.Target.Gateway)
        ?? throw new ProblemException(409, $"Gateway {step.Target.Gateway} is no longer in the fleet.");
}
