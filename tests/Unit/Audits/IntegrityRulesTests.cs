using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class IntegrityRulesTests
{
    [Fact]
    public void Two_active_rows_of_one_tenant_and_environment_are_one_too_many()
    {
        Assert.Equal(("duplicate_active", "acme"), Only(IntegrityRules.OfRows([Row("acme", id: "1"), Row("acme", id: "2")])));
        Assert.Empty(IntegrityRules.OfRows([Row("acme"), Row("acme", environment: "sandbox"), Row("beta")]));
        Assert.Empty(IntegrityRules.OfRows([Row("acme"), Row("acme", active: false)]));
    }

    [Fact]
    public void Empty_keys_of_active_rows_are_told_but_the_name_is_the_sweep_s()
    {
        Assert.Equal(("empty_config_keys", "acme"), Only(IntegrityRules.OfRows([Row("acme", emptyKeys: ["api_url", "instance_name"])])));
        Assert.Empty(IntegrityRules.OfRows([Row("acme", emptyKeys: ["instance_name"]), Row("beta", active: false, emptyKeys: ["api_url"])]));
    }

    [Fact]
    public void An_active_row_of_an_inactive_tenant_is_told_and_rows_of_nobody_are_left_to_the_orphan_audit()
    {
        Assert.Equal(("active_row_of_inactive_tenant", "acme"), Only(IntegrityRules.OfRows([Row("acme", tenantActive: false)])));
        Assert.Empty(IntegrityRules.OfRows([Row("acme", tenantActive: false, active: false), Row(null)]));
    }

    [Fact]
    public void Slugs_that_differ_only_by_case_are_both_told()
    {
        Assert.Equal(["Acme", "acme"], IntegrityRules.OfSlugs([Tenant("acme"), Tenant("Acme"), Tenant("acme2")]).Select(violation => violation.Slug).Order(StringComparer.Ordinal));
        Assert.Empty(IntegrityRules.OfSlugs([Tenant("acme"), Tenant("ácme")]));
    }

    [Fact]
    public void Rows_and_gateways_are_compared_where_the_gateway_was_seen()
    {
        Assert.Equal("instance_without_row", Only(Compare(Tenant("acme"), ("gw0", "revalya-acme"))).Rule);
        Assert.Equal("unknown_gateway", Only(Compare(Tenant("acme", "http://gone"), ("gw0", "revalya-acme"))).Rule);
        Assert.Equal("wrong_gateway", Only(Compare(Tenant("acme", "http://gw1"), ("gw0", "revalya-acme"), ("gw1", null))).Rule);
        Assert.Empty(Compare(Tenant("acme", "http://gw1/"), ("gw0", "revalya-acme"), ("gw1", "revalya-acme")));
        Assert.Empty(Compare(Tenant("acme", "http://gw1"), ("gw0", "revalya-acme")));
        Assert.Empty(Compare(Tenant("acme", "http://gw0"), ("gw0", null)));
    }

    private static (string Rule, string Slug) Only(IEnumerable<IntegrityViolation> violations)
    {
        var only = Assert.Single(violations);
        return (only.Rule, only.Slug);
    }

    private static IEnumerable<IntegrityViolation> Compare(Tenant tenant, params (string Gateway, string? Instance)[] gateways)
    {
        GatewayEndpoint[] endpoints = [.. ((string[])["gw0", "gw1"]).Select(name => new GatewayEndpoint { Name = name, Url = $"http://{name}", ApiKey = "k" })];
        var system = new FleetSystem { Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-", Gateways = endpoints };
        var views = gateways.Select(gateway => new GatewayView(
            endpoints.Single(endpoint => endpoint.Name == gateway.Gateway), null, null,
            new(Outcome.Seen, gateway.Instance is { } name ? [new(name, InstanceState.Open, null, true, null, null, null)] : [], null, default, default), 1, null));
        return IntegrityRules.OfGateways(new(system, new([tenant], new Dictionary<string, string>(), null, null, false), [.. views], default));
    }

    private static Tenant Tenant(string slug, string? url = null) => new("revalya", slug, true, url is null ? null : new TenantIntegration($"revalya-{slug}", true, null, url, null, null));

    private static IntegrationRow Row(
        string? slug, bool active = true, bool tenantActive = true, string environment = "production", string id = "1", params string[] emptyKeys) =>
        new(id, slug, tenantActive, active, environment, "revalya-x", "http://gw0", emptyKeys, false);
}
