using WhatsOps.Audits;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class IsolationRulesTests
{
    [Fact]
    public void Two_tenants_with_active_rows_of_one_instance_share_it()
    {
        var shared = Assert.Single(IsolationRules.Shared([Row("acme", "x"), Row("beta", "x"), Row("gama", "y")]));
        Assert.Equal("x", shared.Instance);
        Assert.Equal(["acme", "beta"], shared.Tenants);
    }

    [Fact]
    public void Environments_of_one_tenant_inactive_rows_and_rows_of_nobody_share_nothing() =>
        Assert.Empty(IsolationRules.Shared(
            [Row("acme", "x"), Row("acme", "x", environment: "sandbox"), Row("beta", "x", active: false), Row(null, "x"), Row("gama", null), Row("delta", null), Row("eta", "X")]));

    private static IntegrationRow Row(string? slug, string? instance, bool active = true, string environment = "production") =>
        new($"{slug}/{environment}", slug, true, active, environment, instance, null, [], false);
}
