using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>What is told on which route, and what is remembered: all the deciding of one pass, without a database.</summary>
internal sealed class AlertPlan
{
    // A reminder more often than once a minute is a loop.
    private const int LeastCooldownMinutes = 1;

    private readonly AlertSettings _alerts;
    private readonly DateTimeOffset _now;

    private AlertPlan(AlertSettings alerts, DateTimeOffset now) => (_alerts, _now) = (alerts, now);

    /// <summary>By route, in the order of the file.</summary>
    public List<(AlertRoute Route, IReadOnlyList<Told> Told)> Routes { get; } = [];

    public List<PlannedNote> Notes { get; } = [];

    public List<(string Fingerprint, EscalationDecision Decision)> Clocks { get; } = [];

    public static AlertPlan Of(
        AlertSettings alerts, IReadOnlyList<AlertCandidate> candidates, IReadOnlyDictionary<(string Route, string Fingerprint), AlertNote> notes, DateTimeOffset now)
    {
        var plan = new AlertPlan(alerts, now);
        var escalated = plan.Escalate(candidates);
        var cooldown = TimeSpan.FromMinutes(Math.Max(LeastCooldownMinutes, alerts.CooldownMinutes));
        foreach (var route in alerts.Routes)
        {
            var told = new List<Told>();
            foreach (var candidate in candidates)
                if (plan.Decide(route, candidate, notes.GetValueOrDefault((route.Name, candidate.Fingerprint)), escalated.GetValueOrDefault((route.Name, candidate.Fingerprint)), cooldown) is { } tell)
                    told.Add(tell);
            plan.Routes.Add((route, told));
        }

        return plan;
    }

    private Dictionary<(string Route, string Fingerprint), Told> Escalate(IReadOnlyList<AlertCandidate> candidates)
    {
        var levels = _alerts.Escalation.Levels;
        var told = new Dictionary<(string, string), Told>();
        foreach (var candidate in candidates)
        {
            var decision = EscalationDecision.Of(candidate, levels, _now);
            if (decision.Clock is not null || candidate.Clock is not null) Clocks.Add((candidate.Fingerprint, decision));
            // A route in several levels that are due at once hears of the highest.
            foreach (var level in decision.Tell.Select(index => levels[index]))
                foreach (var name in level.Routes)
                    if (_alerts.Routes.Any(route => route.Name == name && RouteFilter.Wants(route, candidate.Finding)))
                        told[(name, candidate.Fingerprint)] = new(candidate, AlertEvent.Escalated, level.Name, _now - decision.Clock!.StartedAt);
        }

        return told;
    }

    private Told? Decide(AlertRoute route, AlertCandidate candidate, AlertNote? note, Told? escalated, TimeSpan cooldown)
    {
        var decision = escalated is null ? AlertDecision.Of(candidate, route, note, cooldown, _now) : new(AlertEvent.Escalated, route.EscalationOnly ? null : _now + cooldown);
        if (note is not null || decision.Tell is not null || decision.LookAgain is not null)
            Notes.Add(new(route.Name, candidate, Updated(note, candidate, decision), decision.LookAgain));
        return escalated ?? (decision.Tell is { } why ? new(candidate, why, null, TimeSpan.Zero) : null);
    }

    private AlertNote Updated(AlertNote? note, AlertCandidate candidate, AlertDecision decision) => decision switch
    {
        { Tell: AlertEvent.Recovered } => note! with { RecoveredAt = _now },
        { Forget: true } => (note ?? new(null, null, null)) with { RecoveredAt = _now },
        { Tell: not null } => new(_now, candidate.Finding.Severity, null),
        _ => note ?? new(null, null, null),
    };

    /// <param name="Level">Of the escalation; null outside one.</param>
    /// <param name="Unattended">How long nobody has acknowledged it.</param>
    internal sealed record Told(AlertCandidate Candidate, AlertEvent Event, string? Level, TimeSpan Unattended);
}
