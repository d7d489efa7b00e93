using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>What is wrong with a gateway as a whole (R-090, R-099). The key is judged first: when it is refused nothing else is known.</summary>
internal static class GatewayRules
{
    private const int NamesInEvidence = 50;

    /// <param name="tenants">The active tenants behind it, as far as known.</param>
    /// <param name="fallen">The instances that went down together.</param>
    /// <param name="judged">All instances of those tenants.</param>
    public static ObservedFinding? Judge(
        string system, GatewayView view, IReadOnlyCollection<string> tenants, IReadOnlyCollection<InstanceFacts> fallen, IReadOnlyCollection<InstanceFacts> judged)
    {
        // Time mends an outage; it mends no key.
        ObservedFinding Finding(string kind, Severity severity, string cause, params (string, string?)[] evidence) => new(
            kind, Checks.Gateway, system, view.Name, null, null, severity, cause, Evidence.Of([.. evidence, ("tenants_behind", Text(tenants.Count))]),
            kind is "gateway_unauthorized" or "gateway_liveness_unknown" ? null : Remedies.WaitForStability);

        if (view.Problem is { } problem) return Finding("gateway_unauthorized", Severity.High, $"There is no key for the gateway. {problem}");
        if (view.List is { Outcome: Outcome.Unauthorized } refused)
            return Finding("gateway_unauthorized", Severity.High,
                view.Kind == SystemKinds.TaktChat
                    // Its own words say what to do: working hours, a blocked company, an overdue licence.
                    ? $"The gateway refuses WhatsOps' account: nothing can be said about its instances. {refused.Detail}."
                    : $"The gateway refuses the key: nothing can be said about its instances. Put the gateway's {GatewayDialects.KeySettingOf(view.Kind)} where the fleet file refers to.",
                ("list", "unauthorized"), ("refusal", view.Kind == SystemKinds.TaktChat ? refused.Detail : null));
        if (view.List is { IsSeen: false } list)
            return Finding("gateway_unreachable", tenants.Count > 0 ? Severity.Critical : Severity.High,
                $"{(view.Probe is { IsSeen: true } ? "The gateway answers, but not with its instances" : "The gateway does not answer")}: {list.Detail ?? "no reason given"}. {Behind(tenants)}",
                ("list", Name(list.Outcome)), ("probe", Name(view.Probe?.Outcome)), ("tenants", Names(tenants)));
        if (fallen.Count > 0)
            return Finding("gateway_degraded", Severity.Critical,
                $"{fallen.Count} of {judged.Count} instances went down within 15 minutes: one failure of the gateway or its way to WhatsApp, not {fallen.Count} of tenants.",
                ("down", Text(fallen.Count)), ("instances", Text(judged.Count)), ("tenants", Names([.. fallen.Select(facts => facts.Tenant.Slug)])));
        if (judged.Count(facts => facts.IsSpared) is > 0 and var spared)
        {
            var unanswered = judged.Count(facts => facts.IsUnreadable);
            return Finding("gateway_degraded", Severity.Critical,
                $"The gateway lists its instances but does not answer about them: {unanswered} direct looks got no answer in time and {spared} more were not made.",
                ("unanswered", Text(unanswered)), ("not_looked_at", Text(spared)), ("tenants", Names([.. judged.Where(facts => facts.IsSpared || facts.IsUnreadable).Select(facts => facts.Tenant.Slug)])));
        }

        if (view.Probe is { IsSeen: false } probe)
            return Finding("gateway_degraded", Severity.Medium,
                $"The gateway lists its instances but its welcome page fails ({probe.Detail ?? Name(probe.Outcome)}){(view.Kind == SystemKinds.Evolution ? "; the page calls web.whatsapp.com, so look at its way out" : "")}.",
                ("probe", Name(probe.Outcome)));
        if (view.List is { IsSeen: true, Detail: { } doubt } && view.Instances.Values.Any(instance => instance.State == InstanceState.Paired))
            return Finding("gateway_liveness_unknown", Severity.Medium,
                $"Whether its paired instances are connected is not known: its API calls every paired one connected, and {doubt}.",
                ("paired", Text(view.Instances.Values.Count(instance => instance.State == InstanceState.Paired))), ("reason", doubt));
        return null;
    }

    public static ServiceReport Report(GatewayView view, ObservedFinding? finding, int calls) => new(
        view.Name,
        "gateway",
        finding is not null ? finding.Kind is "gateway_degraded" or "gateway_liveness_unknown" && finding.Severity < Severity.Critical ? HealthStatus.Degraded : HealthStatus.Unhealthy
            : view.IsUnfinished ? HealthStatus.Unknown : HealthStatus.Healthy,
        finding?.Cause ?? (view.IsUnfinished ? "not finished before the deadline" : null),
        view.List?.Took.TotalMilliseconds,
        view.Probe?.Value?.Version,
        calls);

    private static string Behind(IReadOnlyCollection<string> tenants) => tenants.Count switch
    {
        0 => "No active tenant is known behind it.",
        1 => $"Tenant {tenants.First()} is behind it.",
        _ => $"{tenants.Count} tenants are behind it.",
    };

    private static string? Names(IReadOnlyCollection<string> tenants) => tenants.Count == 0
        ? null
        : string.Join(", ", tenants.Order(StringComparer.Ordinal).Take(NamesInEvidence)) + (tenants.Count > NamesInEvidence ? $" and {tenants.Count - NamesInEvidence} more" : "");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Name(Outcome? outcome) => outcome is { } known ? known.ToString().ToLowerInvariant() : "not finished";
}
