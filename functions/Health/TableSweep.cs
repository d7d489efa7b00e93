using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>The parts of a sweep that concern a whole system: its database and the API before it, its tables, and tenants that no gateway has.</summary>
internal sealed class TableSweep(IFindings findings, TimeProvider time)
{
    public async Task<PartResult> DatabaseAsync(FleetSystem system, ProductView product, SystemMemory memory, DateTimeOffset started, CancellationToken cancellation)
    {
        if (system.TenantDirectory is null) return new PartResult([], [], [], [], 0);
        ObservedFinding[] seen = product.Problem is { } problem
            ? [new("product_database_unreachable", Checks.ProductDatabase, system.Name, null, null, null, Severity.Critical,
                $"The product's database cannot be read: {problem}. Tenants and their rows are not checked meanwhile.",
                Evidence.Of(("problem", problem), ("tenants", memory.TenantCount is > 0 and var hit ? hit.ToString(CultureInfo.InvariantCulture) : null)), null)]
            : [];
        await RecordAsync(system, Checks.ProductDatabase, !product.IsUnfinished, seen, started, cancellation);
        var status = product.IsUnfinished ? HealthStatus.Unknown : seen.Length > 0 ? HealthStatus.Unhealthy : HealthStatus.Healthy;
        return new PartResult(
            [new ServiceReport("product", "product_database", status, product.Problem, product.Ping?.TotalMilliseconds, null, 0)],
            [], seen, product.IsUnfinished ? ["product database: no answer before the deadline"] : [], 0);
    }

    public async Task<PartResult> ApiAsync(FleetSystem system, IReadOnlyList<ApiLook> looks, DateTimeOffset started, CancellationToken cancellation)
    {
        ObservedFinding[] seen = [.. looks.Select(look => ApiFinding(system.Name, look)).OfType<ObservedFinding>()];
        string[] unfinished = [.. looks.Where(look => look.Seen is null).Select(look => $"{look.Target}: no answer before the deadline")];
        await RecordAsync(system, Checks.ProductApi, unfinished.Length == 0, seen, started, cancellation);
        return new PartResult(
            [
                .. looks.Select(look => new ServiceReport(
                    look.Target, "product_api", look.Seen is null ? HealthStatus.Unknown : look.Seen.IsSeen ? HealthStatus.Healthy : HealthStatus.Unhealthy,
                    look.Seen?.Detail, look.Seen?.Took.TotalMilliseconds, null, 0))
            ],
            [], seen, unfinished, 0);
    }

    public async Task<PartResult> IntegrationsAsync(
        FleetSystem system, ProductView product, Placement placement, SystemMemory memory, DateTimeOffset started, CancellationToken cancellation)
    {
        if (product.Tenants is not { } tenants) return new PartResult([], [], [], [], 0);
        var now = time.GetUtcNow();
        List<ObservedFinding> seen = [], lost = [];
        List<TenantReport> reports = [];
        foreach (var tenant in tenants)
        {
            var expected = system.InstancePrefix + tenant.Slug;
            var gateway = tenant.Integration is null ? null : placement.Of(tenant);
            var isOpen = gateway?.Instances.GetValueOrDefault(expected)?.State == InstanceState.Open;
            var lastOpen = isOpen ? now : memory.Of(tenant.Slug, expected)?.LastSeenOpen;
            var mine = IntegrationRules.Judge(system.Name, tenant, gateway?.Name, expected, isOpen, lastOpen, product.Owners, system.Thresholds, now).ToArray();
            seen.AddRange(mine);
            if (tenant.Integration is null) reports.Add(Quiet(tenant, "no WhatsApp integration"));
            else if (!tenant.Integration.IsActive) reports.Add(mine.Length == 0 ? Quiet(tenant, "WhatsApp integration inactive") : Loud(tenant, expected, mine[0]));
            else if (gateway is null) reports.Add(Unplaced(system, tenant, expected, placement, lost));
        }

        await RecordAsync(system, Checks.Integrations, true, seen, started, cancellation);
        await RecordAsync(system, Checks.Placement, placement.IsCertain, lost, started, cancellation);
        return new PartResult([], reports, [.. seen, .. lost], [], 0);
    }

    /// <summary>Says that the sweep did not see everything, and closes that finding when it did.</summary>
    public async Task<IReadOnlyList<ObservedFinding>> CompletenessAsync(FleetSystem system, IReadOnlyList<string> unfinished, DateTimeOffset started, CancellationToken cancellation)
    {
        ObservedFinding[] seen = unfinished.Count == 0
            ? []
            : [new("sweep_incomplete", Checks.Sweep, system.Name, null, null, null, Severity.Medium,
                $"The sweep did not see everything: {unfinished[0]}{(unfinished.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {unfinished.Count - 1} more") : "")}. Nothing is closed in those parts.",
                Evidence.Of([.. unfinished.Take(20).Select((part, i) => ($"part_{i + 1}", (string?)part))]), null)];
        await RecordAsync(system, Checks.Sweep, true, seen, started, cancellation);
        return seen;
    }

    private static ObservedFinding? ApiFinding(string system, ApiLook look)
    {
        var (kind, ends) = look.Seen?.Outcome switch
        {
            Outcome.Unreachable => ("target_unreachable", "does not answer"),
            Outcome.Unauthorized => ("target_unauthorized", "refuses the key"),
            Outcome.Absent => ("target_absent", "is not there"),
            _ => (null, ""),
        };
        return kind is null ? null : new(
            kind, Checks.ProductApi, system, null, null, null, Severity.High, $"The product's API {look.Target} {ends}: {look.Seen!.Detail}",
            Evidence.Of(("target", look.Target), ("words", look.Seen.Detail)), null) { Subject = look.Target };
    }

    private static TenantReport Unplaced(FleetSystem system, Tenant tenant, string expected, Placement placement, List<ObservedFinding> lost)
    {
        if (!placement.IsCertain) return new TenantReport(tenant.Slug, HealthStatus.Unknown, "its gateway cannot be told while a gateway is not listed", null, expected, null);
        var finding = Remedies.Possible(system, new("instance_missing", Checks.Placement, system.Name, null, tenant.Slug, expected, Severity.High,
            $"Instance {expected} does not exist on any gateway of {system.Name}.", Evidence.Of(("state", "absent")), Remedies.CreateInstance));
        lost.Add(finding);
        return Loud(tenant, expected, finding);
    }

    private static TenantReport Quiet(Tenant tenant, string message) => new(tenant.Slug, HealthStatus.Healthy, message, null, null, null);

    private static TenantReport Loud(Tenant tenant, string instance, ObservedFinding finding) =>
        new(tenant.Slug, OverallStatus.Of(finding.Severity), finding.Cause, finding.Gateway, instance, null);

    private Task<FindingChanges> RecordAsync(
        FleetSystem system, string check, bool complete, IReadOnlyList<ObservedFinding> seen, DateTimeOffset started, CancellationToken cancellation) =>
        findings.RecordAsync(new CheckRun(check, system.Name, null, complete, started, system.Thresholds.GoodObservationsToClose), seen, cancellation);
}
