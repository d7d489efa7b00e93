using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="SaveIntegration"/>.</summary>
public sealed class SaveIntegrationActions(TenantSteps steps, ITenantDirectory directory, IGateways gateways) : TenantActions(steps)
{
    /// <exception cref="ProblemException">409: the row is right already.</exception>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var row = (await directory.FindAsync(system, target.Tenant, cancellation))?.Integration;
        var differences = Differences(row, target.Instance, system.Gateway(target.Gateway).Url, target.WebhookUrl).ToList();
        if (differences.Count == 0)
            throw new ProblemException(409, $"The product's row of {target.Tenant} names {target.Instance} and its gateway already: there is nothing to write.");
        return target with { Facts = new Dictionary<string, string> { ["difference"] = string.Join("; ", differences) } };
    }

    /// <summary>What the product has switched off stays off: whether a tenant is active is its own decision.</summary>
    public async Task<StepResult> SaveAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await Instance.StateAsync(step, cancellation);
        if (state.Outcome is not (Outcome.Seen or Outcome.Absent)) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        var row = (await directory.FindAsync(step.System, step.Target.Tenant, cancellation))?.Integration;
        var status = state is { IsSeen: true, Value: InstanceState.Open } ? "connected" : "disconnected";
        await directory.SaveIntegrationAsync(
            step.System, step.Target.Tenant,
            new(step.Target.Instance, step.Endpoint().Url, await WebhookUrlAsync(step, cancellation), row?.IsActive ?? true, status), cancellation);
        return StepResult.Done($"The product's row names {step.Target.Instance}.", ("connectionStatus", status), ("rowBefore", row is null ? "none" : row.InstanceName ?? "without a name"));
    }

    public async Task<StepResult> VerifyAsync(StepContext step, CancellationToken cancellation)
    {
        var row = (await directory.FindAsync(step.System, step.Target.Tenant, cancellation))?.Integration;
        var left = Differences(row, step.Target.Instance, step.Endpoint().Url, step.Target.WebhookUrl).ToList();
        return left.Count == 0 ? StepResult.Done("The row is as it should be.", ("instanceName", step.Target.Instance)) : StepResult.Retry($"The row did not take: {string.Join("; ", left)}.");
    }

    private static IEnumerable<string> Differences(TenantIntegration? row, string instance, string gateway, string? webhookUrl)
    {
        if (row is null)
        {
            yield return $"no whatsapp row, one that names {instance} is added";
            yield break;
        }

        if (row.InstanceName != instance) yield return $"instance_name {row.InstanceName ?? "missing"} → {instance}";
        if (row.ApiUrl?.TrimEnd('/') != gateway.TrimEnd('/')) yield return $"api_url {(row.ApiUrl is null ? "missing" : "another address")} → {gateway}";
        // The address before may carry a key of the product's.
        if (webhookUrl is not null && row.WebhookUrl != webhookUrl) yield return $"webhook_url {(row.WebhookUrl is null ? "missing" : "another address")} → {webhookUrl}";
    }

    // The receiver of WhatsOps where it is asked for, else what the gateway really sends to; the column is left alone where there is neither.
    private async Task<string?> WebhookUrlAsync(StepContext step, CancellationToken cancellation) =>
        step.Target.WebhookUrl ?? (await gateways.Open(step).WebhookAsync(step.Target.Instance, cancellation)).Value?.Url;
}
