using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>What runbooks do with an instance's webhook. Each reads before it writes and may be repeated at any time.</summary>
public sealed class WebhookSteps(IGateways gateways, ITenantSecrets secrets)
{
    private const string Webhook = "webhook";

    // In every runbook, so that the next run finds what this one could not bring back.
    private static readonly string[] StepIds = ["disable-webhook", "ensure-webhook", "set-webhook"];

    /// <summary>Keeps the settings as they are, or those that an earlier run disabled and could not bring back.</summary>
    public async Task<StepResult> ExportAsync(StepContext step, CancellationToken cancellation)
    {
        var webhook = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        if (webhook.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The webhook settings cannot be read: {webhook.Detail}");
        var before = webhook.Value is { Enabled: true } ? webhook.Value : await LostAsync(step, cancellation) ?? webhook.Value;
        await step.Artifacts.KeepAsync(Webhook, JsonSerializer.Serialize(before), cancellation);
        return StepResult.Done(
            before is null ? "Kept that no webhook is set." : before == webhook.Value ? "Kept the webhook settings." : "Kept the webhook settings that an earlier run could not bring back.",
            ("webhookBefore", before?.ToString() ?? "none"));
    }

    /// <summary>What <see cref="ExportAsync"/> kept about one place becomes what was found at another: a moved instance takes its webhook along.</summary>
    public static async Task CarryAsync(StepContext from, StepContext to, CancellationToken cancellation)
    {
        if (await from.Artifacts.FindAsync(Webhook, cancellation) is { } kept) await to.Artifacts.KeepAsync(Webhook, kept, cancellation);
    }

    /// <summary>The tenant has a secret to prove its events with; an existing one stays.</summary>
    public async Task<StepResult> EnsureSecretAsync(StepContext step, CancellationToken cancellation)
    {
        await secrets.EnsureAsync(step.Target.System, step.Target.Tenant, cancellation);
        return StepResult.Done($"{step.Target.Tenant} has a webhook secret; the run does not change it.");
    }

    /// <summary>The step that does this is called disable-webhook in every runbook: an export finds by that what a run before could not restore.</summary>
    public async Task<StepResult> DisableAsync(StepContext step, CancellationToken cancellation)
    {
        var now = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        if (now.Outcome is Outcome.Unauthorized or Outcome.Unreachable) return StepResult.Retry($"The webhook settings cannot be read: {now.Detail}");
        if (now.Value is not { Enabled: true } webhook) return StepResult.Done("No webhook is enabled.");
        var answer = await gateways.Open(step).SetWebhookAsync(step.Target.Instance, webhook with { Enabled = false }, cancellation);
        var after = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        return after.Value is { Enabled: true } || !(after.Outcome is Outcome.Seen or Outcome.Absent)
            ? StepResult.Retry($"The webhook is still enabled: {answer.Detail}")
            : StepResult.Done("The webhook is disabled.", ("webhookDisabled", "true"));
    }

    /// <summary>Puts back what <see cref="ExportAsync"/> kept, where the instance lives.</summary>
    public async Task<StepResult> RestoreAsync(StepContext step, CancellationToken cancellation)
    {
        if (await KeptAsync(step, cancellation) is not { } before) return StepResult.Done("There was no webhook to put back.");
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        if (state.Outcome == Outcome.Absent) return StepResult.Done("The instance is gone, and its webhook with it.");
        return await SetAsync(step, before, cancellation);
    }

    /// <summary>Sets what <see cref="DesiredAsync"/> says, where it differs, and reads it back.</summary>
    public async Task<StepResult> EnsureAsync(StepContext step, CancellationToken cancellation) =>
        await DesiredAsync(step, cancellation) is { } desired
            ? await SetAsync(step, desired, cancellation)
            : StepResult.Done("No webhook was set, and the fleet file names none.");

    /// <summary>WhatsOps' receiver where the fleet file asks for it, else what was there before; null: none.</summary>
    public async Task<WebhookSettings?> DesiredAsync(StepContext step, CancellationToken cancellation)
    {
        // Evolution 1.x sends no headers of ours, so the secret could not travel and the receiver would refuse every event.
        var canProve = await InstanceSteps.VersionAsync(step, cancellation) is { } version && !version.StartsWith("1.", StringComparison.Ordinal);
        if (step.Target.WebhookUrl is not { } url || !canProve) return await KeptAsync(step, cancellation);
        var secret = await secrets.EnsureAsync(step.Target.System, step.Target.Tenant, cancellation);
        return Receiver(step.System, url, secret.Current);
    }

    /// <summary>WhatsOps' receiver as a gateway must have it.</summary>
    internal static WebhookSettings Receiver(FleetSystem system, string url, string secret) =>
        new(true, url, new Dictionary<string, string> { [WebhookSettings.SecretHeader] = secret }, system.SubscribedEvents(), false, false);

    /// <summary>What <see cref="ExportAsync"/> kept; null when nothing was set.</summary>
    internal static async Task<WebhookSettings?> KeptAsync(StepContext step, CancellationToken cancellation) =>
        await step.Artifacts.FindAsync(Webhook, cancellation) is { } kept ? JsonSerializer.Deserialize<WebhookSettings?>(kept) : null;

    internal static bool IsAsDesired(WebhookSettings? webhook, WebhookSettings desired) => WebhookComparison.Of(webhook, desired).Count == 0;

    private async Task<StepResult> SetAsync(StepContext step, WebhookSettings desired, CancellationToken cancellation)
    {
        var now = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        if (IsAsDesired(now.Value, desired)) return StepResult.Done("The webhook is as it should be.", ("webhook", desired.ToString()));
        var answer = await gateways.Open(step).SetWebhookAsync(step.Target.Instance, desired, cancellation);
        var after = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        return IsAsDesired(after.Value, desired)
            ? StepResult.Done("The webhook is set.", ("webhook", desired.ToString()))
            : StepResult.Retry($"The webhook did not take: {answer.Detail}");
    }

    /// <summary>A run that failed after its delete took the webhook with it; what it found is what the product still expects.</summary>
    private static async Task<WebhookSettings?> LostAsync(StepContext step, CancellationToken cancellation) =>
        await step.Artifacts.FindLostAsync(Webhook, StepIds, goesWithInstance: true, cancellation) is { } kept
        && JsonSerializer.Deserialize<WebhookSettings?>(kept) is { Enabled: true } lost ? lost : null;
}
