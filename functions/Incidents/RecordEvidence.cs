using System.Globalization;
using System.Text;
using Npgsql;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Watch;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Incidents;

/// <summary>What WhatsOps itself has kept of a system: how its targets are, samples, findings, runs, and who did what.</summary>
internal sealed class RecordEvidence(WatchBoard board, SampleStore samples, IFindings findings, RunStore runs, NpgsqlDataSource database)
{
    private const int MostSamples = 100_000;
    private const int MostRecords = 2000;

    public IEnumerable<EvidenceSource> Sources(FleetSystem system, DateTimeOffset since) => ((EvidenceSource[])
    [
        new("targets.json", async token => Json(await board.TargetsAsync(system.Name, token), "How every watched target is.")),
        new("samples.csv", token => SamplesAsync(system.Name, since, token)),
        new("findings.json", token => FindingsAsync(system.Name, since, token)),
        new("runs.json", token => RunsAsync(system.Name, since, token)),
        new("audit.json", token => AuditAsync(system.Name, since, token)),
    ]).Select(source => source with { IsOwn = true });

    private async Task<EvidenceContent> SamplesAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        var text = new StringBuilder("at,target,metric,subject,value\n");
        var isCut = await samples.EachAsync(
            system, since, MostSamples,
            (key, sample) => text.Append(CultureInfo.InvariantCulture, $"{sample.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},{key.Target},{key.Metric},\"{EvidenceMask.Text(key.Subject).Replace("\"", "\"\"", StringComparison.Ordinal)}\",{sample.Value}\n"), cancellation);
        return new(Encoding.UTF8.GetBytes(text.ToString()), "The samples of its targets, the newest first." + Cut(isCut, MostSamples, "samples")) { IsCut = isCut };
    }

    // What is open first, and by itself: however much was closed since, it is there. One more than is kept tells whether there are more.
    private async Task<EvidenceContent> FindingsAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        var open = await findings.ListAsync(new(system, Limit: MostRecords + 1), cancellation);
        var closed = await findings.ListAsync(new(system, IncludeClosed: true, Limit: MostRecords + 1, ClosedSince: since), cancellation);
        return Json(open.Take(MostRecords).Concat(closed.Take(MostRecords)).DistinctBy(finding => finding.Id), "Findings that were open since then.", Math.Max(open.Count, closed.Count), "open and closed findings each");
    }

    private async Task<EvidenceContent> RunsAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        var open = await runs.ListAsync(new(system, OpenOnly: true, Limit: MostRecords + 1), cancellation);
        var ended = await runs.ListAsync(new(system, Limit: MostRecords + 1, EndedSince: since), cancellation);
        var views = new List<RunView>();
        foreach (var run in open.Take(MostRecords).Concat(ended.Take(MostRecords)).DistinctBy(run => run.Id)) views.Add(RunView.Of(run, await runs.StepsAsync(run.Id, cancellation)));
        return Json(views, "Runs of runbooks that were open since then, with their steps.", Math.Max(open.Count, ended.Count), "open and ended runs each");
    }

    private async Task<EvidenceContent> AuditAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        // What was done to the whole installation may name other systems.
        await using var command = database.CreateCommand(
            "SELECT at, by, action, tenant, CASE WHEN system IS NOT NULL THEN detail END FROM whatsops.audit_trail WHERE (system = $1 OR system IS NULL) AND at >= $2 ORDER BY id DESC LIMIT $3");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(Time(since));
        command.Parameters.Add(new() { Value = MostRecords + 1 });
        var entries = new List<object>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            entries.Add(new { At = row.GetFieldValue<DateTimeOffset>(0), By = row.GetString(1), Action = row.GetString(2), Tenant = row.IsDBNull(3) ? null : row.GetString(3), Detail = row.IsDBNull(4) ? null : row.GetString(4) });
        return Json(entries.Take(MostRecords), "Who did what in WhatsOps since then, the newest first.", entries.Count, "entries");
    }

    private static EvidenceContent Json(object records, string words, int read = 0, string what = "") =>
        new(EvidenceMask.Json(records), words + Cut(read > MostRecords, MostRecords, what)) { IsCut = read > MostRecords };

    private static string Cut(bool isCut, int most, string what) => isCut ? string.Create(CultureInfo.InvariantCulture, $" Only the newest {most} {what} were read.") : "";
}
