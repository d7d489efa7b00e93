using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

/// <summary>Facts to judge, healthy unless said otherwise.</summary>
internal static class Facts
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static Tenant Tenant(string slug = "acme", bool active = true, string? instanceName = null, string? apiUrl = null) =>
        new("revalya", slug, true, new TenantIntegration(instanceName ?? $"revalya-{slug}", active, "connected", apiUrl, null, Now));

    public static InstanceSnapshot Listed(InstanceState state = InstanceState.Open, string slug = "acme", int? reason = null, bool paired = true) =>
        new($"revalya-{slug}", state, "id", paired, reason, reason is null ? null : Now, Now);

    public static InstanceStatus Known(
        InstanceState state = InstanceState.Open, string slug = "acme", double sinceMinutes = 60, DateTimeOffset? lastSeenOpen = null, double? lastEventMinutes = 1, int? reason = null) => new(
        "revalya", slug, "g1", $"revalya-{slug}", state, Now.AddMinutes(-sinceMinutes), Now.AddMinutes(-5), lastSeenOpen ?? Now.AddMinutes(-5),
        lastEventMinutes is { } minutes ? Now.AddMinutes(-minutes) : null, reason);

    public static InstanceFacts Of(
        InstanceSnapshot? listed, InstanceStatus? known = null, InstanceState? direct = null, Outcome? outcome = null, int disconnections = 0, int qrCodes = 0, string slug = "acme")
    {
        var facts = new InstanceFacts(Tenant(slug), "g1", $"revalya-{slug}", listed, known, disconnections, qrCodes);
        facts = facts with { Suspicion = Suspects.Of(facts, new SystemThresholds(), Now) };
        if (direct is { } state) facts = facts with { Direct = new(Outcome.Seen, state, null, Now, TimeSpan.Zero) };
        if (outcome is { } other) facts = facts with { Direct = new(other, default, "HTTP 500", Now, TimeSpan.Zero) };
        return facts;
    }
}
