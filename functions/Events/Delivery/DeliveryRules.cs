using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>What is wrong with a system's delivery.</summary>
internal static class DeliveryRules
{
    public const string Check = "delivery";

    /// <summary>Times <see cref="SystemThresholds.DeliveryLagMinutes"/> above which the lag is no longer a hiccup: half an hour by default.</summary>
    public const int HighFactor = 6;

    private const int ShownTenants = 10;

    public static IReadOnlyList<ObservedFinding> Apply(FleetSystem system, DeliveryBacklog.Backlog backlog, DateTimeOffset now)
    {
        List<ObservedFinding> seen = [];
        if (Lagging(system, backlog, now) is { } lagging) seen.Add(lagging);
        if (DeadLetters(system, backlog) is { } dead) seen.Add(dead);
        return seen;
    }

    private static ObservedFinding? Lagging(FleetSystem system, DeliveryBacklog.Backlog backlog, DateTimeOffset now)
    {
        var limit = TimeSpan.FromMinutes(system.Thresholds.DeliveryLagMinutes);
        var late = backlog.Tenants.Where(tenant => now - tenant.Oldest > limit).OrderBy(tenant => tenant.Oldest).ToArray();
        if (late.Length == 0) return null;
        var oldest = late[0].Oldest!.Value;
        var why = system.Webhook.Forwards() ? $"last answers: {Answers(late)}" : "webhook.deliverTo is no address any more, so they stay until their bodies are deleted";
        return Finding(
            "delivery_lagging", system, now - oldest > HighFactor * limit ? Severity.High : Severity.Medium,
            $"The product has not taken an event for {Minutes(now - oldest)} that was accepted for it; {backlog.Waiting} wait, of {late.Length} tenants late; {why}.",
            late, new() { ["waiting"] = $"{backlog.Waiting}", ["oldest"] = oldest.ToString("O", CultureInfo.InvariantCulture) });
    }

    private static ObservedFinding? DeadLetters(FleetSystem system, DeliveryBacklog.Backlog backlog)
    {
        var dead = backlog.Tenants.Where(tenant => tenant.Dead > 0).OrderByDescending(tenant => tenant.Dead).ToArray();
        if (dead.Length == 0) return null;
        var count = dead.Sum(tenant => tenant.Dead);
        return Finding(
            "delivery_dead_letters", system, Severity.High,
            $"{count} events of {dead.Length} tenants were given up and have not reached the product; last answers: {Answers(dead)}. Mend the product, then whatsops deliveries replay --system {system.Name} --only-dead.",
            dead, new() { ["dead"] = $"{count}" });
    }

    private static ObservedFinding Finding(
        string kind, FleetSystem system, Severity severity, string cause, DeliveryBacklog.Tenant[] tenants, Dictionary<string, string> evidence)
    {
        evidence["tenants"] = string.Join(", ", tenants.Take(ShownTenants).Select(tenant => tenant.Name)) + (tenants.Length > ShownTenants ? ", …" : "");
        evidence["answers"] = Answers(tenants);
        return new(kind, Check, system.Name, null, null, null, severity, cause, evidence, null);
    }

    private static string Answers(DeliveryBacklog.Tenant[] tenants) =>
        tenants.SelectMany(tenant => tenant.Answers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } answers
            ? string.Join("; ", answers) : "none yet";

    private static string Minutes(TimeSpan time) =>
        time.TotalMinutes < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours");
}
