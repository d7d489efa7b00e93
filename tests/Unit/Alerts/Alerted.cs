using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Alerts;

/// <summary>A finding to decide about.</summary>
internal static class Alerted
{
    public static readonly DateTimeOffset At = new(2030, 1, 1, 3, 0, 0, TimeSpan.Zero);

    public static Finding Finding(
        string kind = "instance_missing", string system = "revalya", string? gateway = "g1", string? tenant = "acme", string? instance = "revalya-acme",
        Severity severity = Severity.High, FindingState state = FindingState.Open, params (string Name, string Value)[] evidence) => new(
        12, kind, "instances", system, gateway, tenant, instance, severity, state, "The check's own words.", evidence.ToDictionary(fact => fact.Name, fact => fact.Value), null,
        At, At, state == FindingState.Closed ? At : null, null, null, null);
}
