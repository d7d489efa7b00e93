using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>What runbooks do with the product's whatsapp rows of a tenant. Each may be repeated at any time.</summary>
public sealed class IntegrationSteps(ITenantDirectory directory, IGateways gateways, WebhookSteps webhooks)
{
    private const string Rows = "integration-rows";

    // In every runbook, so that the next run finds what this one could not bring back.
    private static readonly string[] StepIds = ["delete-rows", "save-integration"];

    /// <summary>Keeps the rows whole, encrypted: what <see cref="RestoreAsync"/> puts back. What an earlier run could not bring back counts as found.</summary>
    public async Task<StepResult> ExportAsync(StepContext step, CancellationToken cancellation)
    {
        var rows = await directory.ExportIntegrationAsync(step.System, step.Target.Tenant, cancellation);
        var lost = directory.IsBareIntegration(rows) ? await step.Artifacts.FindLostAsync(Rows, StepIds, goesWithInstance: false, cancellation) : null;
        await step.Artifacts.KeepAsync(Rows, lost ?? rows, cancellation);
        return StepResult.Done(lost is null ? "Kept the product's rows." : "Kept the product's rows that an earlier run could not bring back.");
    }

    public async Task<StepResult> RestoreAsync(StepContext step, CancellationToken cancellation)
    {
        if (await step.Artifacts.FindAsync(Rows, cancellation) is not { } rows) return StepResult.Failed("The kept rows are missing.");
        await directory.ImportIntegrationAsync(step.System, step.Target.Tenant, rows, cancellation);
        return StepResult.Done("The product's rows are back as they were.");
    }

    public async Task<StepResult> DeleteAsync(StepContext step, CancellationToken cancellation)
    {
        var count = await directory.DeleteIntegrationAsync(step.System, step.Target.Tenant, cancellation);
        return StepResult.Done(count == 0 ? "The product had no row." : $"Deleted {count} of the product's rows; the copy is kept.", ("rowsDeleted", count.ToString()));
    }

    /// <summary>Writes the row of the step's instance and gateway, not yet connected.</summary>
    public async Task<StepResult> SaveAsync(StepContext step, CancellationToken cancellation)
    {
        await WriteAsync(step, "connecting", cancellation);
        return StepResult.Done("The product knows the new instance.");
    }

    public async Task<StepResult> DeleteNewRowAsync(StepContext step, CancellationToken cancellation)
    {
        await directory.DeleteIntegrationAsync(step.System, step.Target.Tenant, cancellation);
        return StepResult.Done("The new row is gone.");
    }

    /// <summary>Writes into the row whether WhatsApp is connected now.</summary>
    public async Task<StepResult> TellProductAsync(StepContext step, CancellationToken cancellation)
    {
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        var status = state.Value == InstanceState.Open ? "connected" : "disconnected";
        await WriteAsync(step, status, cancellation);
        return StepResult.Done($"The product's row says {status}.", ("connectionStatus", status));
    }

    /// <summary>Writes only whether WhatsApp is connected now, into a row that names the instance; what the product has switched off stays off.</summary>
    public async Task<StepResult> TellStateAsync(StepContext step, CancellationToken cancellation)
    {
        var row = (await directory.FindAsync(step.System, step.Target.Tenant, cancellation))?.Integration;
        if (row?.InstanceName != step.Target.Instance) return StepResult.Done("The product's row does not name the instance: it is left alone.");
        var state = await gateways.Open(step).StateAsync(step.Target.Instance, cancellation);
        if (!state.IsSeen) return StepResult.Retry($"The state cannot be read: {state.Detail}");
        var status = state.Value == InstanceState.Open ? "connected" : "disconnected";
        await directory.SaveIntegrationAsync(
            step.System, step.Target.Tenant, new(step.Target.Instance, row.ApiUrl ?? step.Endpoint().Url, null, row.IsActive, status), cancellation);
        return StepResult.Done($"The product's row says {status}.", ("connectionStatus", status));
    }

    private async Task WriteAsync(StepContext step, string status, CancellationToken cancellation)
    {
        var desired = await webhooks.DesiredAsync(step, cancellation);
        await directory.SaveIntegrationAsync(
            step.System, step.Target.Tenant, new(step.Target.Instance, step.Endpoint().Url, desired?.Url, IsActive: true, status), cancellation);
    }
}
