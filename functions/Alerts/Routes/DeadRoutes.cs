using System.Globalization;
using Microsoft.Extensions.Logging;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// Notices that a route delivers nothing: a finding tells of it until a message arrives, and what waits goes to the fallback, too. The
/// route itself is tried on, so that its people get everything in the end.
/// </summary>
internal sealed class DeadRoutes(RouteStandings standings, IFindings findings, TimeProvider time, ILogger<DeadRoutes> log)
{
    public const string Kind = "alert_route_dead";
    private const string Check = "alert_routes";

    /// <summary>It concerns no single system.</summary>
    private const string System = "whatsops";

    public async Task TendAsync(FleetDocument document, CancellationToken cancellation)
    {
        var troubled = await standings.TroubledAsync(cancellation);
        if (troubled.Count == 0) return;
        var now = time.GetUtcNow();
        var known = document.Alerts.Routes.ToDictionary(route => route.Name, StringComparer.Ordinal);
        foreach (var gone in troubled.Where(standing => !known.ContainsKey(standing.Route))) await standings.ForgetAsync(gone.Route, cancellation);
        var dead = troubled.Where(standing => known.ContainsKey(standing.Route) && standing.IsDead(now)).ToArray();
        await TellAsync(troubled, dead, now, cancellation);
        foreach (var standing in dead) await FallBackAsync(document.Alerts, known, standing, now, cancellation);
    }

    private async Task TellAsync(IReadOnlyList<RouteStanding> troubled, RouteStanding[] dead, DateTimeOffset now, CancellationToken cancellation)
    {
        if (dead.Length == 0 && troubled.All(standing => standing.DeadSince is null)) return;
        await findings.RecordAsync(new(Check, System, null, Complete: true, now, GoodObservationsToClose: 1), [.. dead.Select(Describe)], cancellation);
        var open = (await findings.ListAsync(new(System, Kind: Kind), cancellation)).Select(finding => finding.Instance).ToHashSet();
        foreach (var standing in troubled)
        {
            // By what is really open: a pass at the very instant of the last one closes nothing, and the next one must.
            DateTimeOffset? since = open.Contains(standing.Route) ? standing.DeadSince ?? now : null;
            if (since != standing.DeadSince) await standings.DeadSinceAsync(standing.Route, since, cancellation);
        }
    }

    private async Task FallBackAsync(AlertSettings alerts, Dictionary<string, AlertRoute> known, RouteStanding standing, DateTimeOffset now, CancellationToken cancellation)
    {
        if (known[standing.Route].Fallback is not { } name || !known.TryGetValue(name, out var fallback)) return;
        var writer = new AlertWriter(fallback.Language ?? alerts.Language, alerts.Contacts);
        var count = await standings.FallBackAsync(standing.Route, name, message => writer.Instead(message, standing.Route, standing.LastError ?? "?"), now, cancellation);
        if (count > 0) log.LogWarning("Route {Route} delivers nothing ({Error}): {Count} messages go to {Fallback}, too", standing.Route, standing.LastError, count, name);
    }

    private static ObservedFinding Describe(RouteStanding standing)
    {
        var since = standing.FailingSince!.Value.ToString("u", CultureInfo.InvariantCulture);
        var lost = standing.GivenUp == 0 ? "" : $" {standing.GivenUp} given up: whoever they were for was not told.";
        return new(
            Kind, Check, System, null, null, standing.Route, Severity.High,
            $"Alert route {standing.Route} has delivered nothing since {since}: {standing.LastError}. {standing.Waiting} alerts wait.{lost}",
            new Dictionary<string, string>
            {
                ["route"] = standing.Route,
                ["error"] = standing.LastError ?? "",
                ["failing_since"] = since,
                ["attempts"] = standing.Failures.ToString(CultureInfo.InvariantCulture),
                ["waiting"] = standing.Waiting.ToString(CultureInfo.InvariantCulture),
                ["given_up"] = standing.GivenUp.ToString(CultureInfo.InvariantCulture),
            },
            null);
    }
}
