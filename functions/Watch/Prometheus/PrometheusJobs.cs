using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What Prometheus scrapes, by job (<c>GET /api/v1/targets</c>).</summary>
internal static class PrometheusJobs
{
    public static (List<Measure> Measures, List<Trouble> Troubles) Read(JsonElement active, IReadOnlyList<string> wanted)
    {
        List<Measure> measures = [];
        List<Trouble> troubles = [];
        var jobs = active.EnumerateArray().GroupBy(target => target.Text("labels", "job") ?? target.Text("scrapePool") ?? "unnamed", StringComparer.Ordinal).OrderBy(job => job.Key, StringComparer.Ordinal).ToArray();
        foreach (var job in jobs)
        {
            var (all, down) = (job.Count(), job.Where(target => target.Text("health") == "down").ToArray());
            // One that was not scraped yet is unknown: neither up nor down.
            measures.Add(new("prometheus.targets", all, job.Key));
            measures.Add(new("prometheus.targets.up", job.Count(target => target.Text("health") == "up"), job.Key));
            if (down.Length > 0)
                troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"{down.Length} of {all} targets of job {job.Key} cannot be scraped, so alerts on them cannot fire: {Why(down[0])}.") { Subject = job.Key });
        }

        troubles.AddRange(wanted.Where(name => jobs.All(job => job.Key != name)).Select(name =>
            new Trouble(TroubleKinds.Absent, Severity.High, $"Job {name} is not among what it scrapes. Name it in scrape_configs, or take it out of the fleet file.") { Subject = name }));
        return (measures, troubles);
    }

    // Its words begin with the address in quotes, which may hold a token; the reason stands behind it.
    private static string Why(JsonElement target)
    {
        var error = target.Text("lastError") ?? "";
        var behind = error.LastIndexOf("\": ", StringComparison.Ordinal);
        return JsonReading.Plain(behind < 0 ? error : error[(behind + 3)..]);
    }
}
