using System.Globalization;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>The steps of <see cref="CleanOrphans"/>.</summary>
public sealed class CleanOrphansActions(
    TenantSteps steps, IGateways gateways, ITenantDirectory directory, IOrphanStore orphans, IFleet fleet, RunStore runs, TimeProvider time) : TenantActions(steps)
{
    internal const int Cap = 25;
    internal const string Orphan = "orphan";
    internal const string Owned = "owned";

    private const string Instances = "instances";
    private const string Separator = ", ";

    /// <summary>Puts the names into the plan, and so into its hash: only they are touched.</summary>
    /// <exception cref="ProblemException">409: what looks like orphans must not be believed, or none has been one for long enough; 503: the product cannot be asked.</exception>
    public async Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation)
    {
        var seen = await SeeAsync(system, system.Gateway(target.Gateway), cancellation);
        if (seen.Problem is { } problem) throw new ProblemException(503, problem, null, "Run whatsops doctor.");
        if (seen.Orphans!.Doubt is { } doubt) throw new ProblemException(409, doubt, null, "Nothing was touched. Look at the fleet file's tenantDirectory and instancePrefix.");
        var due = await DueAsync(system, target.Gateway, seen.Orphans.Names, cancellation);
        var days = system.Thresholds.OrphanQuarantineDays.ToString(CultureInfo.InvariantCulture);
        if (due.Count == 0)
            throw new ProblemException(409, $"No instance of {target.Gateway} has been nobody's for {days} days ({seen.Orphans.Names.Count} are now).", null, "Wait: the audit counts the days.");
        return target with
        {
            Facts = new Dictionary<string, string>
            {
                [Instances] = string.Join(Separator, due.Take(Cap)),
                ["count"] = Math.Min(due.Count, Cap).ToString(CultureInfo.InvariantCulture),
                ["more"] = Math.Max(due.Count - Cap, 0).ToString(CultureInfo.InvariantCulture),
                ["quarantineDays"] = days,
            },
        };
    }

    /// <summary>Of the plan's names those that are still nobody's.</summary>
    public async Task<StepResult> OrphansAsync(StepContext step, CancellationToken cancellation)
    {
        var seen = await SeeAsync(step.System, step.Endpoint(), cancellation);
        if (seen.Problem is { } problem) return StepResult.Retry(problem);
        if (seen.Orphans!.Doubt is { } doubt) return StepResult.Failed(doubt);
        var left = Planned(step).Where(seen.Orphans.Names.Contains).ToList();
        return StepResult.Items(left, $"{left.Count} of {Planned(step).Count} are still nobody's.");
    }

    public async Task<StepResult> IsStillOrphanAsync(StepContext step, CancellationToken cancellation)
    {
        var seen = await SeeAsync(step.System, step.Endpoint(), cancellation);
        if (seen.Problem is { } problem) return StepResult.Retry(problem);
        if (seen.Orphans!.Doubt is { } doubt) return StepResult.Failed(doubt);
        if (!seen.Orphans.Names.Contains(step.Item!)) return StepResult.Chose(Owned, $"{step.Item} is gone, or a tenant's by now.");
        return await runs.OpenForAsync(step.System.Name, step.Item!, cancellation) is { } other
            ? StepResult.Chose(Owned, $"Run {other.Id} is about {step.Item}.")
            : StepResult.Chose(Orphan, $"{step.Item} is nobody's.");
    }

    public Task<StepResult> ExportWebhookAsync(StepContext step, CancellationToken cancellation) => Webhook.ExportAsync(Of(step), cancellation);

    public async Task<StepResult> DisableWebhookAsync(StepContext step, CancellationToken cancellation)
    {
        var silenced = await Webhook.DisableAsync(Of(step), cancellation);
        if (silenced.Outcome == StepOutcome.Done) await orphans.QuarantineAsync(step.System.Name, step.Target.Gateway, step.Item!, time.GetUtcNow(), cancellation);
        return silenced;
    }

    public async Task<StepResult> RestoreWebhookAsync(StepContext step, CancellationToken cancellation) => await InstanceSteps.HasDeletedAsync(Of(step), cancellation)
        ? StepResult.Done("It is being deleted: it stays silent.")
        : await Webhook.RestoreAsync(Of(step), cancellation);

    public async Task<StepResult> DeleteAsync(StepContext step, CancellationToken cancellation)
    {
        if (await InstanceSteps.HasDeletedAsync(Of(step), cancellation)) return StepResult.Done("The gateway accepted the removal.");
        var seen = await SeeAsync(step.System, step.Endpoint(), cancellation);
        if (seen.Problem is { } problem) return StepResult.Retry(problem);
        if (seen.Orphans!.Doubt is { } doubt) return StepResult.Failed(doubt);
        // Gone between two attempts: ours. Owned by now: not to be touched, and what was silenced is put back.
        if (!seen.Orphans.Names.Contains(step.Item!))
            return seen.Names!.Contains(step.Item!) ? StepResult.Failed($"{step.Item} is a tenant's by now: it is not deleted.") : StepResult.Done("It is gone.");
        var loggedOut = await Instance.LogoutAsync(Of(step), cancellation);
        return loggedOut.Outcome == StepOutcome.Done ? await Instance.DeleteAsync(Of(step), cancellation) : loggedOut;
    }

    /// <summary>One wait for all: an instance that takes its 20 minutes holds none of the others up.</summary>
    public async Task<StepResult> AreGoneAsync(StepContext step, CancellationToken cancellation)
    {
        var left = new List<string>();
        var gone = 0;
        foreach (var name in Planned(step))
        {
            var place = step.At(step.Target.Gateway, name);
            if (!await InstanceSteps.HasDeletedAsync(place, cancellation)) continue;
            if ((await Instance.IsGoneAsync(place, cancellation)).Outcome != StepOutcome.Done) left.Add(name);
            else
            {
                gone++;
                await orphans.ForgetAsync(step.System.Name, step.Target.Gateway, name, cancellation);
            }
        }

        return left.Count == 0
            ? StepResult.Done($"{gone} orphans are gone.", ("deleted", gone.ToString(CultureInfo.InvariantCulture)))
            : StepResult.NotYet($"Still there: {string.Join(Separator, left)}.");
    }

    private static IReadOnlyList<string> Planned(StepContext step) => step.Target.Facts![Instances].Split(Separator);

    private static StepContext Of(StepContext step) => step.At(step.Target.Gateway, step.Item!);

    private async Task<IReadOnlyList<string>> DueAsync(FleetSystem system, string gateway, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - TimeSpan.FromDays(system.Thresholds.OrphanQuarantineDays);
        return [.. (await orphans.ListAsync(system.Name, gateway, cancellation)).Where(known => known.FirstSeen <= since).Select(known => known.Instance).Where(names.Contains)];
    }

    private async Task<(Orphans? Orphans, IReadOnlySet<string>? Names, string? Problem)> SeeAsync(FleetSystem system, GatewayEndpoint gateway, CancellationToken cancellation)
    {
        var list = await gateways.Open(system, gateway).ListAsync(cancellation);
        if (!list.IsSeen) return (null, null, $"The list of {gateway.Name} cannot be read: {list.Detail}");
        var names = list.Value!.Select(instance => instance.Name).ToHashSet(StringComparer.Ordinal);
        try
        {
            var systems = (await fleet.CurrentAsync(cancellation))?.Document.Systems;
            return (Gateways.Orphans.Of(system, names, await directory.ListAsync(system, cancellation), systems), names, null);
        }
        catch (Exception problem) when (problem is NpgsqlException or ProblemException)
        {
            return (null, null, $"The tenants of {system.Name} cannot be read, so nothing can be called an orphan.");
        }
    }
}
