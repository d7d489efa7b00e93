using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="FixIsolation"/>. What it may touch besides the tenant's own instance is one exact name, proven to be the tenant's.</summary>
public sealed class FixIsolationActions(TenantSteps steps, ITenantDirectory directory, IGateways gateways, RunStore runs) : TenantActions(steps)
{
    /// <summary>Name of the parameter and of the fact.</summary>
    public const string WrongInstance = "wrongInstance";

    /// <exception cref="ProblemException">409: nothing says that the instance is this tenant's, or it is somebody else's; 404: it does not exist.</exception>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var tenants = await directory.ListAsync(system, cancellation);
        var named = tenants.FirstOrDefault(tenant => tenant.Slug == target.Tenant)?.Integration?.InstanceName;
        var wrong = target.Parameters?.GetValueOrDefault(WrongInstance) is { Length: > 0 } given ? given : named;
        if (wrong is null || wrong == target.Instance)
            throw Refused($"The product's row of {target.Tenant} names no other instance than {target.Instance}: there is no wrong one.", "Name it: parameters.wrongInstance.");
        if (Owner(system, tenants, target, wrong) is { } owner)
            throw Refused($"{wrong} is the instance of tenant {owner}, not a wrongly named one of {target.Tenant}'s.", "Run save-integration: it mends the row and touches no instance.");
        // The product's first activation writes the bare slug before it adds the prefix.
        if (wrong != named && wrong != target.Tenant)
            throw Refused($"Nothing says that {wrong} is {target.Tenant}'s: its row names {named ?? "none"}.", "Correct the name, or set it in the tenant's row first.");
        var list = await gateways.Open(system, system.Gateway(target.Gateway)).ListAsync(cancellation);
        if (list.IsSeen && list.Value!.All(instance => instance.Name != wrong))
            throw new ProblemException(404, $"Gateway {target.Gateway} has no instance {wrong}.", "$.parameters.wrongInstance", "Run save-integration, which only writes the right name.");
        return target with { Facts = new Dictionary<string, string> { [WrongInstance] = wrong } };
    }

    /// <summary>Once more at the run's own time: the name may have become another tenant's, or another run may be acting on it.</summary>
    public async Task<StepResult> ExportWrongAsync(StepContext step, CancellationToken cancellation)
    {
        var (wrong, tenants) = (Wrong(step), await directory.ListAsync(step.System, cancellation));
        if (Owner(step.System, tenants, step.Target, wrong.Target.Instance) is { } owner) return StepResult.Failed($"{wrong.Target.Instance} is tenant {owner}'s by now.");
        if (await runs.OpenForAsync(step.System.Name, wrong.Target.Instance, cancellation) is { } other) return StepResult.Failed($"Run {other.Id} is about {wrong.Target.Instance}.");
        return await Webhook.ExportAsync(wrong, cancellation);
    }

    public Task<StepResult> SilenceWrongAsync(StepContext step, CancellationToken cancellation) => Webhook.DisableAsync(Wrong(step), cancellation);

    public async Task<StepResult> RestoreWrongAsync(StepContext step, CancellationToken cancellation) => await InstanceSteps.HasDeletedAsync(Wrong(step), cancellation)
        ? StepResult.Done("It is being deleted: it stays silent.")
        : await Webhook.RestoreAsync(Wrong(step), cancellation);

    public async Task<StepResult> RestoreRowsAsync(StepContext step, CancellationToken cancellation) => await InstanceSteps.HasDeletedAsync(Wrong(step), cancellation)
        ? StepResult.Done($"{step.Target.Instance} is open and the wrong one is being deleted: the row stays right.")
        : await Integration.RestoreAsync(step, cancellation);

    public async Task<StepResult> DeleteWrongAsync(StepContext step, CancellationToken cancellation)
    {
        var open = await Instance.StateAsync(step, cancellation);
        return open is { IsSeen: true, Value: InstanceState.Open }
            ? await Instance.DeleteAsync(Wrong(step), cancellation)
            : StepResult.Retry($"{step.Target.Instance} is not open: the wrong one is not deleted.");
    }

    public Task<StepResult> IsWrongGoneAsync(StepContext step, CancellationToken cancellation) => Instance.IsGoneAsync(Wrong(step), cancellation);

    private static StepContext Wrong(StepContext step) => step.At(step.Target.Gateway, step.Target.Facts![WrongInstance]);

    private static string? Owner(FleetSystem system, IEnumerable<Tenant> tenants, RunTarget target, string instance) => tenants.FirstOrDefault(tenant =>
        tenant.Slug != target.Tenant && (system.InstancePrefix + tenant.Slug == instance || tenant.Integration?.InstanceName == instance))?.Slug;

    private static ProblemException Refused(string message, string fix) => new(409, message, "$.parameters.wrongInstance", fix);
}
