using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

public sealed class IntegrationRulesTests
{
    private static readonly Dictionary<string, string> Owners = new() { ["revalya-acme"] = "acme", ["revalya-beta"] = "beta" };

    [Theory]
    [InlineData(7 * 24, true)]
    [InlineData((7 * 24) + 1, false)]
    [Capability("R-094")]
    public void Inactive_but_seen_open_within_seven_days_is_an_outage(int hoursAgo, bool outage)
    {
        var findings = Judge(Facts.Tenant(active: false), Facts.Now.AddHours(-hoursAgo));
        Assert.Equal(outage, findings.Any(finding => finding is { Kind: "integration_inactive_seen_open", Severity: Severity.High }));
    }

    [Fact]
    public void Inactive_and_never_open_is_a_choice() => Assert.Empty(Judge(Facts.Tenant(active: false), null));

    [Fact]
    public void Inactive_but_open_right_now_is_milder() =>
        Assert.Equal(Severity.Medium, Assert.Single(Judge(Facts.Tenant(active: false), Facts.Now, isOpen: true)).Severity);

    [Fact]
    [Capability("R-093")]
    public void No_integration_is_healthy() => Assert.Empty(Judge(new Tenant("revalya", "acme", true, null), Facts.Now));

    [Fact]
    public void The_right_name_is_healthy() => Assert.Empty(Judge(Facts.Tenant(), Facts.Now, isOpen: true));

    [Fact]
    public void A_row_without_a_name_is_found() =>
        Assert.Equal(("integration_without_instance_name", "save-integration"), Assert.Single(Judge(Facts.Tenant(instanceName: " "), Facts.Now).Select(finding => (finding.Kind, finding.Remedy))));

    [Theory]
    [InlineData("acme", Severity.Medium)] // the product's first write, without the prefix
    [InlineData("Revalya-acme", Severity.Medium)] // names are exact
    [InlineData("revalya-beta", Severity.Critical)] // another customer's
    public void A_wrong_name_is_found_and_somebody_elses_is_critical(string name, Severity severity)
    {
        var finding = Assert.Single(Judge(Facts.Tenant(instanceName: name), Facts.Now));
        Assert.Equal(("instance_name_mismatch", severity), (finding.Kind, finding.Severity));
        // Another customer's instance is never a remedy's to touch.
        Assert.Equal(severity == Severity.Critical ? "save-integration" : "fix-isolation", finding.Remedy);
    }

    [Theory]
    [InlineData(false, "fix-isolation")]
    [InlineData(true, "save-integration")]
    public void Where_the_right_instance_is_open_only_the_row_is_wrong(bool isOpen, string remedy) =>
        Assert.Equal(remedy, Assert.Single(Judge(Facts.Tenant(instanceName: "acme"), Facts.Now, isOpen)).Remedy);

    private static ObservedFinding[] Judge(Tenant tenant, DateTimeOffset? lastOpen, bool isOpen = false) =>
        [.. IntegrationRules.Judge("revalya", tenant, "g1", "revalya-acme", isOpen, lastOpen, Owners, new SystemThresholds(), Facts.Now)];
}
