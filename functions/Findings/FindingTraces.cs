using Npgsql;
using WhatsOps.Telemetry;

namespace WhatsOps.Findings;

/// <summary>
/// Gives each finding that opens a span, and the finding its place. The span belongs to the trace of what told of it (a webhook), and is linked
/// to the pass that saw it; without such a trace it belongs to the pass.
/// </summary>
internal static class FindingTraces
{
    public static async Task<IReadOnlyList<Finding>> BeginAsync(
        NpgsqlConnection connection, IFindingOrigins? origins, IReadOnlyList<Finding> opened, IReadOnlyList<ObservedFinding> seen, CancellationToken cancellation)
    {
        if (!Traces.IsOn || opened.Count == 0) return opened;
        var causes = origins is null ? new Dictionary<long, string>() : await origins.OfAsync(opened, cancellation);
        Finding[] traced = [.. opened.Select(finding => finding with { Trace = Begin(finding, Told(finding, seen) ?? causes.GetValueOrDefault(finding.Id)) }).Where(finding => finding.Trace is not null)];
        if (traced.Length == 0) return opened;
        await using var command = new NpgsqlCommand("UPDATE whatsops.findings f SET trace = t.trace FROM unnest($1, $2) AS t(id, trace) WHERE f.id = t.id", connection);
        command.Parameters.Add(new() { Value = Array.ConvertAll(traced, finding => finding.Id) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(traced, finding => finding.Trace!) });
        await command.ExecuteNonQueryAsync(cancellation);
        return [.. opened.Select(finding => traced.FirstOrDefault(other => other.Id == finding.Id) ?? finding)];
    }

    private static string? Told(Finding finding, IReadOnlyList<ObservedFinding> seen) => seen.FirstOrDefault(other =>
        (other.Kind, other.Gateway, other.Tenant, other.Instance, other.Subject) == (finding.Kind, finding.Gateway, finding.Tenant, finding.Instance, finding.Subject))?.Origin;

    private static string? Begin(Finding finding, string? origin)
    {
        using var span = Traces.Start("finding", finding.Kind, origin: origin);
        span?.SetTag("whatsops.finding.id", finding.Id).SetTag("whatsops.finding.severity", finding.Severity.ToString().ToLowerInvariant())
            .SetTag("whatsops.system", finding.System).SetTag("whatsops.gateway", finding.Gateway).SetTag("whatsops.tenant", finding.Tenant);
        return Traces.Id(span);
    }
}
