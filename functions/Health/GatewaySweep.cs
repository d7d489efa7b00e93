using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>One gateway of a sweep, from its list to its findings. What it records stands, however the other gateways fare.</summary>
internal sealed class GatewaySweep(GatewayObserver observer, IInstanceStates states, IFindings findings, TimeProvider time)
{
    /// <param name="tenants">The active tenants on it with an active integration.</param>
    /// <param name="tenantsKnown">False: the product's database was not seen, so nothing can be said about tenants.</param>
    /// <param name="tenantsLost">True: a tenant that was on it may be anywhere now.</param>
    public async Task<PartResult> RunAsync(
        FleetSystem system, GatewayView view, IReadOnlyList<Tenant> tenants, bool tenantsKnown, bool tenantsLost, SystemMemory memory, DateTimeOffset started,
        CancellationToken deadline, CancellationToken cancellation)
    {
        var facts = view.IsListed ? Gather(system, view, tenants, memory) : [];
        IReadOnlyList<InstanceFacts> suspects = [];
        if (view.IsListed && !deadline.IsCancellationRequested)
        {
            suspects = Suspects.Choose(facts, system.Thresholds.SuspectsPerGateway, started);
            var looks = await observer.LookAsync(view.Gateway!, suspects, deadline);
            var spared = looks.IsMute ? suspects.Select(suspect => suspect.Instance).Except(looks.ByInstance.Keys).ToHashSet(StringComparer.Ordinal) : [];
            facts = [.. facts.Select(fact => fact with { Direct = looks.ByInstance.GetValueOrDefault(fact.Instance), IsSpared = spared.Contains(fact.Instance) })];
        }

        var fallen = CorrelatedFailure.Of(facts, system.Thresholds);
        var behind = tenantsKnown ? [.. tenants.Select(tenant => tenant.Slug)] : memory.TenantsOn(view.Name);
        var unfinished = Unfinished(view, facts, suspects);
        var gatewayFinding = view.IsUnfinished ? null : GatewayRules.Judge(system.Name, view, behind, fallen, facts);
        var judged = facts.Select(fact => (Fact: fact, Findings: InstanceRules.Judge(system.Name, fact, system.Thresholds, time.GetUtcNow()).Select(finding => Remedies.Possible(system, finding)).ToArray())).ToArray();

        await states.RecordAsync([.. facts.Select(fact => Sighting(system, view, fact)).OfType<InstanceSighting>()], cancellation);
        // The gateway first: its incident holds back the alerts of its tenants.
        await findings.RecordAsync(
            new CheckRun(Checks.Gateway, system.Name, view.Name, !view.IsUnfinished && tenantsKnown && unfinished.Count == 0, started, system.Thresholds.GoodObservationsToClose),
            gatewayFinding is null ? [] : [gatewayFinding], cancellation);
        var instanceFindings = judged.SelectMany(pair => pair.Findings).ToArray();
        await findings.RecordAsync(
            new CheckRun(Checks.Instances, system.Name, view.Name, view.IsListed && tenantsKnown && !tenantsLost && unfinished.Count == 0 && !facts.Any(fact => fact.IsSpared), started, system.Thresholds.GoodObservationsToClose),
            instanceFindings, cancellation);

        var reports = view.IsListed ? judged.Select(pair => Report(pair.Fact, pair.Findings)) : tenants.Select(tenant => Unseen(system, view, tenant));
        var calls = view.Calls + facts.Count(fact => fact.Direct is not null);
        return new PartResult(
            [GatewayRules.Report(view, gatewayFinding, calls)], [.. reports], gatewayFinding is null ? instanceFindings : [gatewayFinding, .. instanceFindings], unfinished, calls);
    }

    private List<InstanceFacts> Gather(FleetSystem system, GatewayView view, IReadOnlyList<Tenant> tenants, SystemMemory memory)
    {
        var now = time.GetUtcNow();
        var facts = new List<InstanceFacts>(tenants.Count);
        foreach (var tenant in tenants)
        {
            var name = system.InstancePrefix + tenant.Slug;
            var fact = new InstanceFacts(
                tenant, view.Name, name, view.Instances.GetValueOrDefault(name), memory.Of(tenant.Slug, name), memory.Disconnections(name), memory.QrCodes(name));
            facts.Add(fact with { Suspicion = Suspects.Of(fact, system.Thresholds, now) });
        }

        return facts;
    }

    private static List<string> Unfinished(GatewayView view, IReadOnlyCollection<InstanceFacts> facts, IReadOnlyCollection<InstanceFacts> suspects)
    {
        var parts = new List<string>();
        if (view.IsUnfinished) parts.Add($"gateway {view.Name}: no answer before the deadline");
        var chosen = suspects.Select(suspect => suspect.Instance).ToHashSet(StringComparer.Ordinal);
        var cut = facts.Count(fact => fact is { Direct: null, IsSpared: false } && chosen.Contains(fact.Instance));
        if (cut > 0) parts.Add($"gateway {view.Name}: {cut} direct looks cut off by the deadline");
        var beyond = facts.Count(fact => fact.IsUnconfirmed && !chosen.Contains(fact.Instance));
        if (beyond > 0) parts.Add($"gateway {view.Name}: {beyond} suspects beyond the cap of direct looks");
        return parts;
    }

    // What is only suspected, or not told, is not remembered as seen: it must not overwrite what an event told.
    private static InstanceSighting? Sighting(FleetSystem system, GatewayView view, InstanceFacts fact) =>
        fact.State is not { } state || fact.IsUnconfirmed || fact.IsLivenessUnknown
            ? null
            : new InstanceSighting(
                system.Name, fact.Tenant.Slug, view.Name, fact.Instance, state, fact.Direct?.At ?? view.List!.At, fact.Direct is null ? "list" : "direct",
                state == InstanceState.Close ? fact.Listed?.DisconnectionReason : null);

    private static TenantReport Report(InstanceFacts fact, ObservedFinding[] findings)
    {
        var worst = findings.MaxBy(finding => finding.Severity);
        var status = worst is null ? HealthStatus.Healthy : OverallStatus.Of(worst.Severity);
        if (status == HealthStatus.Healthy && (fact.IsUnconfirmed || fact.IsLivenessUnknown)) status = HealthStatus.Unknown;
        var message = worst?.Cause ?? (fact.IsSpared ? "not looked at: its gateway does not answer about instances"
            : fact.IsUnconfirmed ? "not confirmed: the list contradicts what was last known"
            : fact.IsLivenessUnknown ? "paired; whether it is connected is not known" : "WhatsApp connected");
        return new TenantReport(fact.Tenant.Slug, status, message, fact.Gateway, fact.Instance, fact.State is { } state ? States.Name(state) : null);
    }

    // A refused key says nothing about the instances; a dead gateway serves nobody.
    private static TenantReport Unseen(FleetSystem system, GatewayView view, Tenant tenant)
    {
        var blind = view.IsUnfinished || view.Problem is not null || view.List is { Outcome: Outcome.Unauthorized };
        return new TenantReport(
            tenant.Slug, blind ? HealthStatus.Unknown : HealthStatus.Unhealthy,
            blind ? $"gateway {view.Name} could not be asked" : $"gateway {view.Name} is unreachable", view.Name, system.InstancePrefix + tenant.Slug, null);
    }
}
