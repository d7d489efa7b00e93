using System.Diagnostics;
using OpenTelemetry;

namespace WhatsOps.Telemetry;

/// <summary>
/// The last look at the spans of libraries. Of an address only scheme, host and port stay: paths hold the keys of Slack, of heartbeats and of
/// short-lived links, queries hold others. Library spans without a parent (polling, leases, the shared commit) tell nothing and are left out.
/// </summary>
internal sealed class SpanScrubber : BaseProcessor<Activity>
{
    private const string Http = "System.Net.Http";
    private const string Database = "Npgsql";

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name is not (Http or Database)) return;
        if (data.ParentSpanId == default) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        if (data.GetTagItem("url.full") is string address)
            data.SetTag("url.full", Uri.TryCreate(address, UriKind.Absolute, out var url) ? $"{url.Scheme}://{url.Authority}" : null);
        // Messages of PostgreSQL may quote the value that did not fit; the code (db.response.status_code) says which kind it was.
        if (data.StatusDescription is not null) data.SetStatus(data.Status);
    }
}
