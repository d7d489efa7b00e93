using System.Globalization;
using System.Net;
using System.Security.Authentication;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at public addresses as a browser would: name, certificate, protocol, redirect, headers, CORS, compression, and what each step takes
/// (R-019, R-321, R-327, R-361, R-367, R-379, R-382, R-397, R-398).
/// </summary>
internal sealed class SiteProbe(WatchNetwork network, TimeProvider time) : IProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    // A closed plain port often drops instead of refusing, and takes its whole time at each look.
    private static readonly TimeSpan PlainPatience = TimeSpan.FromSeconds(3);

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Sites ?? []).Select(target =>
        new Look($"site/{target.Name}", TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, cancellation => ReadAsync(target, cancellation)));

    private async Task<Reading> ReadAsync(SiteTarget target, CancellationToken cancellation)
    {
        var address = new Uri(target.Url);
        var visit = await SiteVisit.MakeAsync(address, target.ClosedToOrigins ? SiteHeaders.ForeignOrigin : null, target.Compressed, network, Patience, time, cancellation);
        var measures = new List<Measure>(visit.Measures);
        var troubles = new List<Trouble>();
        if (visit.Addresses.Count > 0) troubles.AddRange(Names(target, address, visit.Addresses));
        if (visit.Certificate is { } certificate)
        {
            measures.Add(new("site.certificate.days", (certificate.Ends - time.GetUtcNow()).TotalDays));
            troubles.AddRange(certificate.Troubles(address.IdnHost, target.CertificateDays, time.GetUtcNow()));
        }

        // The numbers of the protocols rise with their versions.
        if (visit.Protocol is not SslProtocols.None and < SslProtocols.Tls12)
            troubles.Add(new(TroubleKinds.Misconfigured, Severity.High, $"{address.IdnHost} speaks no TLS from version 1.2 on. Fix: switch TLS 1.2 and 1.3 on, older ones off.") { Subject = "protocol" });
        if (visit.Answer is not { } answer) return Reading.Unreachable(visit.Problem!) with { Measures = measures, Troubles = troubles };

        var status = (int)answer.StatusCode;
        measures.Add(new("site.status.code", status));
        if (status >= 500) troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"{address.IdnHost} answers {status}. Next: is what stands behind its proxy running?") { Subject = "answer" });
        if (target.SecurityHeaders) troubles.AddRange(SiteHeaders.Security(address.IdnHost, answer));
        if (target.ClosedToOrigins) troubles.AddRange(SiteHeaders.Cors(address.IdnHost, answer));
        if (target.Compressed)
        {
            var isCompressed = SiteHeaders.IsCompressed(answer);
            if (answer.IsSuccessStatusCode) measures.Add(new("site.compressed", isCompressed ? 1 : 0));
            if (!isCompressed) troubles.Add(SiteHeaders.NotCompressed(address.IdnHost, answer));
        }

        if (address.Scheme == Uri.UriSchemeHttp) troubles.AddRange(SiteHeaders.Plain(address.IdnHost, answer));
        else if ((network.PlainPort ?? (address.IsDefaultPort ? 80 : default(int?))) is { } port)
        {
            // No answer there is as good as a redirect.
            var plain = new UriBuilder(address) { Scheme = Uri.UriSchemeHttp, Port = port }.Uri;
            if ((await SiteVisit.MakeAsync(plain, null, takesCompressed: false, network, PlainPatience, time, cancellation)).Answer is { } inClear) troubles.AddRange(SiteHeaders.Plain(address.IdnHost, inClear));
        }

        return Reading.Seen($"It answers {status}{(visit.Protocol == SslProtocols.None ? "" : $" over {visit.Protocol}")}.", measures, troubles);
    }

    private static IEnumerable<Trouble> Names(SiteTarget target, Uri address, IReadOnlyList<IPAddress> found)
    {
        if (target.Addresses.Count == 0) yield break;
        var wanted = target.Addresses.Select(text => IPAddress.TryParse(text, out var parsed) ? $"{parsed}" : text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (wanted.SetEquals(found.Select(one => $"{one}"))) yield break;
        yield return new(
            TroubleKinds.Misconfigured, Severity.High,
            string.Create(CultureInfo.InvariantCulture, $"The name {address.IdnHost} resolves to {string.Join(", ", found.Distinct())}, not to {string.Join(", ", target.Addresses)}. Next: was it meant to move? If so, correct watch.sites; if not, look into the zone now."))
        {
            Subject = "dns",
        };
    }
}
