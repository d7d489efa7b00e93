namespace WhatsOps.Fleet;

/// <summary>What the alerts of a well-shaped fleet file must also obey.</summary>
internal static class AlertRules
{
    private const int MostLevels = 3;
    private const int LongestMinutes = 10080;

    public static void Check(FleetDocument document, FleetProblems problems)
    {
        var alerts = document.Alerts;
        FleetRules.Range(alerts.CooldownMinutes, 1, LongestMinutes, "$.alerts.cooldownMinutes", problems);
        if (alerts.HeartbeatUrl is { } heartbeat && !References.ContainsReference(heartbeat)) FleetRules.Url(heartbeat, "$.alerts.heartbeatUrl", problems, "or a reference like ${env:HEARTBEAT_URL}");
        if (alerts.PublicUrl is { } publicUrl) FleetRules.Url(publicUrl, "$.alerts.publicUrl", problems);
        FleetRules.Unique(alerts.Routes, route => route.Name, "$.alerts.routes", "name", problems);
        for (var index = 0; index < alerts.Routes.Count; index++) Route(document, index, $"$.alerts.routes[{index}]", problems);
        Severities(document, problems);
        Levels(document, problems);
        for (var index = 0; index < alerts.Contacts.Count; index++)
            if (new[] { alerts.Contacts[index].Name, alerts.Contacts[index].Role, alerts.Contacts[index].Contact }.Any(string.IsNullOrWhiteSpace))
                problems.Add($"$.alerts.contacts[{index}]", "is no contact", "give name, role and contact, each with something in it");
    }

    private static void Route(FleetDocument document, int index, string path, FleetProblems problems)
    {
        var route = document.Alerts.Routes[index];
        FleetRules.Name(route.Name, $"{path}.name", problems);
        RouteFields.Check(route, path, problems);
        Match(document, route.Match, $"{path}.match", problems);
        if (route.Fallback is not { } fallback) return;
        if (!document.Alerts.Routes.Any(other => other.Name == fallback)) NoRoute($"{path}.fallback", fallback, document, problems);
        else if (Comes(document.Alerts.Routes, route)) problems.Add($"{path}.fallback", "leads back to this route", "let the last route of the chain have no fallback");
    }

    // From this route on, does the chain of fallbacks arrive here again? A circle further on is told at its own routes.
    private static bool Comes(IReadOnlyList<AlertRoute> routes, AlertRoute start)
    {
        var at = start;
        for (var steps = 0; steps < routes.Count; steps++)
        {
            at = routes.FirstOrDefault(route => route.Name == at.Fallback);
            if (at is null) return false;
            if (at.Name == start.Name) return true;
        }

        return false;
    }

    private static void Match(FleetDocument document, AlertMatch match, string path, FleetProblems problems)
    {
        for (var index = 0; index < match.Systems.Count; index++) System(document, match.Systems[index], $"{path}.systems[{index}]", problems);
        for (var index = 0; index < match.Kinds.Count; index++) Kind(match.Kinds[index], $"{path}.kinds[{index}]", problems);
    }

    private static void Severities(FleetDocument document, FleetProblems problems)
    {
        var overrides = document.Alerts.Severities;
        FleetRules.Unique(overrides, item => $"{item.Kind} {item.System}", "$.alerts.severities", "kind", problems);
        for (var index = 0; index < overrides.Count; index++)
        {
            Kind(overrides[index].Kind, $"$.alerts.severities[{index}].kind", problems);
            if (overrides[index].System is { } system) System(document, system, $"$.alerts.severities[{index}].system", problems);
        }
    }

    private static void Levels(FleetDocument document, FleetProblems problems)
    {
        var levels = document.Alerts.Escalation.Levels;
        if (levels.Count > MostLevels) problems.Add("$.alerts.escalation.levels", $"has more than {MostLevels} levels", "name several routes in one level instead");
        FleetRules.Unique(levels, level => level.Name, "$.alerts.escalation.levels", "name", problems);
        for (var index = 0; index < Math.Min(levels.Count, MostLevels); index++)
        {
            var (level, path) = (levels[index], $"$.alerts.escalation.levels[{index}]");
            if (string.IsNullOrWhiteSpace(level.Name)) problems.Add($"{path}.name", "is empty", "write who it is: L1, tech lead");
            if (level.Routes.Count == 0) problems.Add($"{path}.routes", "names no route", "name at least one of alerts.routes");
            for (var at = 0; at < level.Routes.Count; at++)
                if (!document.Alerts.Routes.Any(route => route.Name == level.Routes[at])) NoRoute($"{path}.routes[{at}]", level.Routes[at], document, problems);
            foreach (var (severity, name) in new[] { (Severity.Critical, "critical"), (Severity.High, "high") })
            {
                var minutes = EscalationTimes.Of(levels, index, severity).TotalMinutes;
                FleetRules.Range((int)minutes, 1, LongestMinutes, $"{path}.afterMinutes.{name}", problems);
                if (index > 0 && minutes <= EscalationTimes.Of(levels, index - 1, severity).TotalMinutes)
                    problems.Add($"{path}.afterMinutes.{name}", "is not later than the level before", "each level comes later than the one before; minutes count from the first alert");
            }
        }
    }

    private static void System(FleetDocument document, string system, string path, FleetProblems problems)
    {
        // whatsops: what concerns no single system, such as a refused fleet file.
        if (system == "whatsops" || document.Systems.Any(known => known.Name == system)) return;
        problems.Add(path, "is no system of this file", NearestName.Of(system, document.Systems.Select(known => known.Name)) is { } nearest ? $"did you mean {nearest}?" : "use a name under systems");
    }

    private static void Kind(string kind, string path, FleetProblems problems)
    {
        if (!KnownFindingKinds.All.Contains(kind))
            problems.Add(path, "is no kind of finding", NearestName.Of(kind, KnownFindingKinds.All) is { } nearest ? $"did you mean {nearest}?" : "see docs/findings.md for the kinds");
    }

    private static void NoRoute(string path, string name, FleetDocument document, FleetProblems problems) =>
        problems.Add(path, "is no route of this file", NearestName.Of(name, document.Alerts.Routes.Select(route => route.Name)) is { } nearest ? $"did you mean {nearest}?" : "use a name under alerts.routes");
}
