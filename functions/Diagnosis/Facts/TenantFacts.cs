using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Diagnosis;

/// <summary>What can be told of the tenant in the product's tables and at our own door.</summary>
internal static class TenantFacts
{
    public static IReadOnlyList<Fact> All { get; } =
    [
        new("product.row", ["active", "inactive", "none", "no_tenant", "unreadable"], Row),
        new("product.name", ["ok", "no_instance_name", "name_of_another_tenant", "bare_slug", "invalid_prefix", "slug_mismatch"], Name),
        new("tenant.shared", ["own", "shared"], Shared),
        new("tenant.foreign", ["none", "foreign"], Foreign),
        new("webhook.door", ["own", "elsewhere", "none", "unknown"], Door),
    ];

    private static FactAnswer Row(DiagnosisView view) => view switch
    {
        { Product.Tenants: null } => FactAnswer.Of("unreadable", ("problem", view.Product.Problem)),
        { Tenant: null } => FactAnswer.Of("no_tenant"),
        { Tenant.Integration: null } => FactAnswer.Of("none"),
        { Tenant.Integration: { } row } => FactAnswer.Of(
            row.IsActive && view.Tenant.IsActive ? "active" : "inactive", ("is_active", row.IsActive ? "true" : "false"), ("tenant_is_active", view.Tenant.IsActive ? "true" : "false"),
            ("connection_status", row.ConnectionStatus), ("instance_name", row.InstanceName)),
    };

    private static FactAnswer Name(DiagnosisView view)
    {
        var name = view.Tenant?.Integration?.InstanceName;
        var verdict = NamingRules.Judge(view.System.InstancePrefix, view.Slug, name, view.Product.Owners);
        return FactAnswer.Of(NamingRules.Word(verdict), ("configured", name ?? "none"), ("expected", view.Instance), ("owner", name is null ? null : view.Product.Owners.GetValueOrDefault(name)));
    }

    private static FactAnswer Shared(DiagnosisView view) => view.Sharers.Count > 1
        ? FactAnswer.Of("shared", ("tenants", string.Join(", ", view.Sharers)))
        : FactAnswer.Of("own");

    private static FactAnswer Foreign(DiagnosisView view) => view.Foreign switch
    {
        [] => FactAnswer.Of("none"),
        var seen => FactAnswer.Of("foreign", ("instances", string.Join(", ", seen.Select(traffic => traffic.Instance))), ("events", GatewayFacts.Text(seen.Sum(traffic => traffic.Count))), ("last", seen.Max(traffic => traffic.LastAt).ToString("u", System.Globalization.CultureInfo.InvariantCulture))),
    };

    private static FactAnswer Door(DiagnosisView view)
    {
        if (view.System.Webhook.BaseUrl is not { } baseUrl) return FactAnswer.Of("unknown", ("webhook.baseUrl", "none in the fleet file"));
        var expected = ReceiverAddress.Of(baseUrl, view.Slug);
        return view.Webhook switch
        {
            { Outcome: Outcome.Seen, Value: { Enabled: true } webhook } => FactAnswer.Of(webhook.Url == expected ? "own" : "elsewhere", ("url", webhook.Address), ("expected", expected)),
            { Outcome: Outcome.Seen or Outcome.Absent } => FactAnswer.Of("none", ("expected", expected)),
            var look => FactAnswer.Of("unknown", ("webhook", look?.Detail ?? "not asked")),
        };
    }
}
