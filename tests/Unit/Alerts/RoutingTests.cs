using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Alerts;

/// <summary>Which route wants which finding, with which severity, and which incident explains it.</summary>
public sealed class RoutingTests
{
    public static TheoryData<AlertMatch, bool> Matches => new()
    {
        { new(), true },
        { new() { Systems = ["other", "revalya"] }, true },
        { new() { Systems = ["revalya2"] }, false },
        { new() { Kinds = ["instance_missing"] }, true },
        { new() { Kinds = ["instance_not_open"] }, false },
        { new() { Tenants = ["acme"] }, true },
        { new() { Tenants = ["Acme", "acme2"] }, false },
        { new() { Severities = [Severity.High] }, true },
        { new() { Severities = [Severity.Critical, Severity.Medium] }, false },
        { new() { Systems = ["revalya"], Kinds = ["instance_missing"], Tenants = ["acme"], Severities = [Severity.High] }, true },
        { new() { Systems = ["revalya"], Kinds = ["instance_missing"], Tenants = ["beta"], Severities = [Severity.High] }, false },
    };

    [Theory]
    [MemberData(nameof(Matches))]
    public void A_route_wants_what_fits_all_its_lists(AlertMatch match, bool wanted) => Assert.Equal(wanted, RouteFilter.Wants(Route() with { Match = match }, Alerted.Finding()));

    [Theory]
    [Capability("R-244")]
    [InlineData("target_exposed", "watch/host/vps", true)]
    [InlineData("tenant_isolation_bypass", "isolation", true)]
    [InlineData("threshold_crossed", "watch-rule/log-refusals", true)]
    [InlineData("threshold_crossed", "watch-rule/container-memory", false)]
    [InlineData("instance_missing", "instances", false)]
    [InlineData("target_misconfigured", "watch/container/app", true, "container/app/environment JWT_SECRET")]
    [InlineData("target_misconfigured", "watch/redis/cache", false, "redis/cache/maxmemory-policy")]
    public void A_route_of_security_wants_findings_of_security_alone_and_they_name_the_evidence(string kind, string check, bool isSecurity, string? subject = null)
    {
        var finding = Alerted.Finding(kind) with { Check = check, Subject = subject };
        Assert.Equal(isSecurity, RouteFilter.Wants(Route() with { Match = new() { Security = true } }, finding));
        Assert.True(RouteFilter.Wants(Route(), finding));
        Assert.False(RouteFilter.Wants(Route() with { Match = new() { Security = true, Systems = ["other"] } }, finding));
        var next = FindingFields.Of(new(AlertEvent.Opened, finding), AlertTexts.In(Language.English), [])[^1].Value;
        Assert.Equal(isSecurity, next.Contains("\nwhatsops watch evidence revalya", StringComparison.Ordinal));
        Assert.Equal(isSecurity ? "whatsops watch evidence revalya" : null, finding.NextCommand);
        Assert.Null((finding with { State = FindingState.Closed }).NextCommand);
    }

    [Fact]
    public void What_counts_as_security_exists()
    {
        Assert.All(SecurityFindings.Kinds, kind => Assert.Contains(kind, KnownFindingKinds.All));
        Assert.All(SecurityFindings.Checks, check => Assert.Contains(WhatsOps.Watch.RuleBook.BuiltIn, rule => check == "watch-rule/" + rule.Name));
    }

    [Theory]
    [Capability("R-165")]
    [InlineData(Severity.Medium, false)]
    [InlineData(Severity.High, true)]
    [InlineData(Severity.Critical, true)]
    public void And_only_from_its_least_severity_on(Severity severity, bool wanted) =>
        Assert.Equal(wanted, RouteFilter.Wants(Route() with { MinSeverity = Severity.High }, Alerted.Finding(severity: severity)));

    [Fact]
    public void A_finding_of_no_tenant_is_for_no_route_of_tenants() => Assert.False(RouteFilter.Wants(Route() with { Match = new() { Tenants = ["acme"] } }, Alerted.Finding(tenant: null)));

    [Theory]
    [InlineData("night", false)]
    [InlineData("mail", true)]
    public void A_dead_route_is_not_told_that_it_is_dead(string dead, bool wanted) =>
        Assert.Equal(wanted, RouteFilter.Wants(Route(), Alerted.Finding(DeadRoutes.Kind, "whatsops", null, null, dead)));

    [Theory]
    [InlineData("instance_missing", "revalya", Severity.Critical)]
    [InlineData("instance_missing", "other", Severity.Low)]
    [InlineData("instance_unstable", "revalya", Severity.Medium)]
    public void The_override_of_the_system_beats_that_of_all_and_the_rest_keeps_what_the_check_said(string kind, string system, Severity told)
    {
        SeverityOverride[] overrides =
            [new() { Kind = "instance_missing", Severity = Severity.Low }, new() { Kind = "instance_missing", System = "revalya", Severity = Severity.Critical }];
        var finding = Alerted.Finding(kind, system, severity: Severity.Medium);
        Assert.Equal(told, ToldSeverity.Of(overrides, finding).Severity);
        Assert.Equal(Severity.Medium, finding.Severity);
    }

    public static TheoryData<Finding, Finding, bool> Explained => new()
    {
        { Incident("gateway_unreachable"), Alerted.Finding(), true },
        { Incident("gateway_unreachable", severity: Severity.High), Alerted.Finding(), true },
        { Incident("gateway_unreachable", gateway: "g2"), Alerted.Finding(), false },
        { Incident("gateway_unreachable", system: "other"), Alerted.Finding(), false },
        { Incident("gateway_unreachable", state: FindingState.Closed), Alerted.Finding(), false },
        { Incident("gateway_unreachable", state: FindingState.Acknowledged), Alerted.Finding(), true },
        { Incident("gateway_unreachable"), Alerted.Finding(gateway: null), false },
        { Incident("gateway_degraded"), Alerted.Finding(), true },
        { Incident("gateway_degraded", severity: Severity.High), Alerted.Finding(), false },
        { Incident("gateway_unauthorized"), Alerted.Finding(), false },
        { Incident("product_database_unreachable", gateway: null), Alerted.Finding(), true },
        { Incident("product_database_unreachable", gateway: null), Alerted.Finding("integration_without_instance_name", gateway: null), true },
        { Incident("product_database_unreachable", gateway: null, system: "other"), Alerted.Finding(), false },
        { Incident("product_database_unreachable", gateway: null), Alerted.Finding("instance_name_mismatch"), false },
        { Incident("gateway_unreachable"), Alerted.Finding("tenant_isolation_slug_mismatch"), false },
        { Incident("gateway_unreachable"), Alerted.Finding("run_compensation_failed"), false },
        { Incident("gateway_unreachable"), Alerted.Finding("instance_zombie"), true },
        { Incident("gateway_unreachable"), Alerted.Finding("reconnect_storm"), false },
        { Incident("instance_zombie_suspected", severity: Severity.High), Alerted.Finding("webhook_silent"), true },
        { Incident("instance_zombie_suspected", severity: Severity.Medium), Alerted.Finding("webhook_silent"), false },
        { Incident("instance_zombie_suspected", severity: Severity.High), Alerted.Finding("instance_zombie"), false },
        { Incident("gateway_unreachable"), Incident("product_database_unreachable", gateway: null), false },
    };

    [Theory]
    [MemberData(nameof(Explained))]
    public void An_incident_explains_its_consequences_in_its_own_place_and_nothing_that_a_person_must_decide(Finding incident, Finding finding, bool held) =>
        Assert.Equal(held, Inhibitions.Hold([incident], finding));

    [Fact]
    public void Every_kind_in_the_table_is_one_that_exists() =>
        Assert.All(Inhibitions.All, row => Assert.All([row.Source, .. row.Held], kind => Assert.Contains(kind, KnownFindingKinds.All)));

    [Fact]
    public void Every_kind_is_explained_by_an_incident_or_is_one_or_stands_by_itself_on_purpose()
    {
        string[] placed = [.. Inhibitions.Sources, .. Inhibitions.All.SelectMany(row => row.Held)];
        Assert.Empty(placed.Intersect(Inhibitions.ByThemselves));
        Assert.Equal(KnownFindingKinds.All.Order(), placed.Concat(Inhibitions.ByThemselves).Distinct().Order());
    }

    [Fact]
    public void A_route_in_two_levels_hears_of_the_highest_and_a_level_only_reaches_routes_that_want_it()
    {
        var alerts = new AlertSettings
        {
            Routes = [Route(), new() { Name = "boss", Kind = "log", EscalationOnly = true }, new() { Name = "elsewhere", Kind = "log", Match = new() { Systems = ["other"] } }],
            Escalation = new() { Levels = [new() { Name = "L1", Routes = ["night"] }, new() { Name = "L2", Routes = ["night", "boss", "elsewhere"] }] },
        };
        var candidate = new AlertCandidate("f", Alerted.Finding(severity: Severity.Critical), Severity.High, null, [], new(Alerted.At.AddMinutes(-15), Severity.Critical, 0));
        var plan = AlertPlan.Of(alerts, [candidate], new Dictionary<(string, string), AlertNote> { [("night", "f")] = new(Alerted.At.AddMinutes(-15), Severity.Critical, null) }, Alerted.At);

        Assert.Equal([("night", "L2"), ("boss", "L2")], plan.Routes.SelectMany(route => route.Told.Select(told => (route.Route.Name, told.Level))));
        Assert.All(plan.Routes.SelectMany(route => route.Told), told => Assert.Equal((AlertEvent.Escalated, TimeSpan.FromMinutes(15)), (told.Event, told.Unattended)));
        Assert.Equal(2, Assert.Single(plan.Clocks).Decision.Clock!.Level);
        Assert.Equal([("night", Alerted.At.AddMinutes(60)), ("boss", null)], plan.Notes.Select(note => (note.Route, note.LookAgain)));
    }

    private static AlertRoute Route() => new() { Name = "night", Kind = "log" };

    private static Finding Incident(string kind, string? gateway = "g1", string system = "revalya", Severity severity = Severity.Critical, FindingState state = FindingState.Open) =>
        Alerted.Finding(kind, system, gateway, null, null, severity, state);
}
