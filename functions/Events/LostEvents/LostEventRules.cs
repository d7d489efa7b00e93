using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>What the audit found, as findings.</summary>
internal static class LostEventRules
{
    public const string Check = "lost-events";
    private const int ShownIds = 5;

    public static IEnumerable<ObservedFinding> Apply(FleetSystem system, InstanceAudit audit)
    {
        var window = string.Create(CultureInfo.InvariantCulture, $"{audit.From.UtcDateTime:yyyy-MM-dd HH:mm} to {audit.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        if (audit.Missing.Count > 0)
        {
            var share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * audit.Missing.Count / audit.Compared:0.#} %");
            yield return new(
                "events_lost", Check, system.Name, audit.Gateway, audit.Tenant, audit.Instance, Severity.High,
                $"{audit.Missing.Count} of {audit.Compared} messages ({share}) that {audit.Gateway} stored for {audit.Tenant} from {window} never came by webhook. Whoever needs them: whatsops deliveries backfill.",
                new Dictionary<string, string>
                {
                    ["missing"] = $"{audit.Missing.Count}", ["stored"] = $"{audit.Compared}", ["share"] = share, ["window"] = window,
                    ["message_ids"] = string.Join(", ", audit.Missing.Take(ShownIds).Select(message => message.Id)),
                },
                null);
        }

        if (audit.Problem is { } problem)
            yield return NotObservable(system, audit.Gateway, audit.Tenant, audit.Instance, problem, window);
    }

    public static ObservedFinding NotObservable(FleetSystem system, string gateway, string? tenant, string? instance, string problem, string window) => new(
        "events_audit_not_observable", Check, system.Name, gateway, tenant, instance, Severity.Low,
        $"Whether webhooks of {tenant ?? gateway} were lost cannot be told: {problem}.",
        new Dictionary<string, string> { ["problem"] = problem, ["window"] = window },
        null);
}
