using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Asks Prometheus: is all that it should scrape scraped, what do queries say, which alerts fire. A job that is down there is a blind spot: its
/// alerts cannot fire. TurboZap's manual ships three such jobs.
/// </summary>
internal sealed class PrometheusProbe(WatchHttp http) : IProbe
{
    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Prometheus ?? []).Select(target =>
        new Look("prometheus/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), TimeSpan.FromSeconds(target.TimeoutSeconds), token => ReadAsync(target, token)));

    private async Task<Reading> ReadAsync(PrometheusTarget target, CancellationToken cancellation)
    {
        var answer = await GetAsync(target, "targets?state=active", cancellation);
        if (answer.Refusal is { } refusal) return refusal;
        using var scraped = PrometheusApi.Read(answer.Body);
        if (scraped is not { Refusal: null } || scraped.Data.At("activeTargets") is not { ValueKind: JsonValueKind.Array } active)
            return Reading.Unreachable($"It answers {answer.Status}, but not as Prometheus' HTTP API does: something else may answer in its place.");

        var (measures, troubles) = PrometheusJobs.Read(active, target.Jobs);
        foreach (var part in await Task.WhenAll(target.Queries.Select(query => PromQlAsync(target, query, cancellation))))
        {
            measures.AddRange(part.Measures);
            troubles.AddRange(part.Troubles);
        }

        if (target.Disks)
        {
            var disks = await GetAsync(target, "query?query=" + Uri.EscapeDataString(PrometheusDisks.Query), cancellation);
            using var data = disks.Refusal is null ? PrometheusApi.Read(disks.Body) : null;
            var (full, unknown) = PrometheusDisks.Read(data);
            measures.AddRange(full);
            troubles.AddRange(unknown);
        }

        if (target.Alerts) await AddAlertsAsync(target, measures, troubles, cancellation);
        return Reading.Seen($"{active.GetArrayLength()} targets are scraped.", measures, troubles);
    }

    private async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles)> PromQlAsync(PrometheusTarget target, PrometheusQuery query, CancellationToken cancellation)
    {
        var answer = await GetAsync(target, "query?query=" + Uri.EscapeDataString(query.Query), cancellation);
        using var data = answer.Refusal is null ? PrometheusApi.Read(answer.Body) : null;
        return data is null ? PromQl.NotAnswered(query, answer) : PromQl.Read(query, data);
    }

    private async Task AddAlertsAsync(PrometheusTarget target, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        var answer = await GetAsync(target, "alerts", cancellation);
        using var data = answer.Refusal is null ? PrometheusApi.Read(answer.Body) : null;
        if (data is not { Refusal: null } || data.Data.At("alerts") is not { ValueKind: JsonValueKind.Array } alerts)
        {
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Medium, $"Its alerts cannot be read ({answer.Refusal?.Words ?? $"it answers {answer.Status}"}).") { Subject = "alerts" });
            return;
        }

        var firing = alerts.EnumerateArray().Where(alert => alert.Text("state") == "firing").Select(alert => ExternalAlert.Read(alert, "activeAt")).OfType<ExternalAlert>().ToArray();
        measures.Add(new("prometheus.alerts.firing", firing.Length));
        troubles.AddRange(firing.Select(alert => alert.ToTrouble()));
    }

    private Task<HttpAnswer> GetAsync(PrometheusTarget target, string path, CancellationToken cancellation) =>
        http.GetAsync(target.Url, "/api/v1/" + path, target.Headers, withBody: true, cancellation);
}
