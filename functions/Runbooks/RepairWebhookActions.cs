using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="RepairWebhook"/>.</summary>
public sealed class RepairWebhookActions(TenantSteps steps, IGateways gateways, ITenantSecrets secrets) : TenantActions(steps)
{
    private const string NoHeaders =
        "Evolution 1.x sends webhooks without headers, so the tenant's secret cannot travel and the receiver would refuse every event. Fix: upgrade the gateway to 2.x.";

    /// <exception cref="ProblemException">409: the fleet file does not say where events go, the gateway cannot carry the secret, nothing is wrong, or it cannot be seen.</exception>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        if (target.WebhookUrl is null) throw Unwanted(system);
        var gateway = gateways.Open(system, system.Gateway(target.Gateway));
        var version = await gateway.ProbeAsync(cancellation);
        if (version.Value is { } known && IsV1(known.Version)) throw new ProblemException(409, $"Gateway {target.Gateway} is {known.Version}. {NoHeaders}", null, "Upgrade the gateway to 2.x.");
        var now = await gateway.WebhookAsync(target.Instance, cancellation);
        if (now.Outcome is not (Outcome.Seen or Outcome.Absent)) throw new ProblemException(409, $"The webhook of {target.Instance} cannot be read: {now.Detail}", null, "Run whatsops doctor.");
        // A plan changes nothing: a tenant that has no secret yet gets one from the run.
        var secret = (await secrets.ForSlugAsync(target.Tenant, cancellation)).FirstOrDefault(known => known.System == system.Name)?.Current ?? "";
        var differences = WebhookComparison.Of(now.Value, WebhookSteps.Receiver(system, target.WebhookUrl, secret));
        if (differences.Count == 0) throw new ProblemException(409, $"The webhook of {target.Instance} is as the fleet file wants it: there is nothing to repair.");
        return target with { Facts = new Dictionary<string, string> { ["difference"] = string.Join("; ", differences) } };
    }

    public async Task<StepResult> SetAsync(StepContext step, CancellationToken cancellation) =>
        await InstanceSteps.VersionAsync(step, cancellation) is { } version && IsV1(version) ? StepResult.Failed(NoHeaders) : await Webhook.EnsureAsync(step, cancellation);

    /// <summary>Where no webhook was set before, the gateway can only be told to keep still: Evolution has no way to remove one.</summary>
    public async Task<StepResult> RestoreAsync(StepContext step, CancellationToken cancellation) =>
        await WebhookSteps.KeptAsync(step, cancellation) is null ? await Webhook.DisableAsync(step, cancellation) : await Webhook.RestoreAsync(step, cancellation);

    public async Task<StepResult> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var now = await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation);
        if (now.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The webhook cannot be read: {now.Detail}");
        if (await Webhook.DesiredAsync(step, cancellation) is not { } desired) return StepResult.Failed("The fleet file names no receiver any more.");
        var left = WebhookComparison.Of(now.Value, desired);
        return left.Count == 0
            ? StepResult.Done("The gateway has the webhook as the fleet file wants it.", ("webhookAfter", now.Value!.ToString()))
            : StepResult.Retry($"The webhook did not take: {string.Join("; ", left)}.");
    }

    private static bool IsV1(string version) => version.StartsWith("1.", StringComparison.Ordinal);

    private static ProblemException Unwanted(FleetSystem system) => system.Webhook switch
    {
        { BaseUrl: null } => new(409, $"The fleet file names no receiver for {system.Name}: webhook.baseUrl is not set.", "$.system", "Set systems[].webhook.baseUrl to this app's public address."),
        { DeliverTo: not null } => new(
            409, $"Events of {system.Name} cannot be forwarded: webhook.deliverySecret is not set, so a webhook that points here would cut the product off.", "$.system", "Set systems[].webhook.deliverySecret."),
        _ => new(409, $"The fleet file does not say where events of {system.Name} go after WhatsOps: a webhook that points here would cut the product off.", "$.system",
            "Set systems[].webhook.deliverTo to the product's own endpoint, or to none when it needs no events."),
    };
}
