using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Watch;

namespace WhatsOps.Audits;

/// <summary>
/// Asks a product for its optional endpoints (R-422): one GET each, as a stranger, one after the other. What was there in a report that is still kept, and is not any
/// more, is a finding; what is new is said.
/// </summary>
internal sealed class ProductEndpointLook(WatchHttp http, IFleet fleet, RoutineStore runs, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A sentence about what is new; empty when nothing is.</summary>
    public async Task<string> AskAsync(string audit, AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        var known = await KnownAsync(scene.System.Name, audit, cancellation);
        var asked = new HashSet<string>(StringComparer.Ordinal);
        List<string> news = [];
        foreach (var address in ProductEndpoints.AddressesOf(scene.System))
        {
            // Several targets are mostly one product: it is asked once.
            if (BaseOf(address, sheet) is not { } url || !asked.Add(url)) continue;
            foreach (var endpoint in ProductEndpoints.Of(scene.System.Kind))
            {
                var (outcome, detail) = await OutcomeAsync(url, endpoint.Path, cancellation);
                var what = $"{endpoint.Name} (GET {endpoint.Path}) at {address.Place}";
                var word = CapabilityRules.Word(outcome);
                sheet.Add(new(null, word, detail is null ? what : $"{what}: {detail}"));
                if (outcome == Outcome.Unreachable) sheet.Unfinished(null, $"{what}: {detail}");
                else if (known.TryGetValue(what, out var before) && Rank(word) < Rank(before))
                    sheet.Find("capability_missing", Severity.Low, null, null, null, $"{address.Place} had {endpoint.Path} for us ({before}) and has it no more ({word}).", subject: $"{address.Place}/{endpoint.Name}",
                        evidence: [("capability", endpoint.Name), ("status", word), ("before", before), ("detail", detail)]);
                else if (known.Count > 0 && Rank(word) > Rank(known.GetValueOrDefault(what, "absent"))) news.Add($"{what} ({word})");
            }
        }

        return news.Count == 0 ? "" : $" New: {string.Join(", ", news)}.";
    }

    private string? BaseOf(ProductAddress address, AuditSheet sheet)
    {
        try
        {
            var url = fleet.Resolve(address.Url).TrimEnd('/');
            // Behind a proxy that calls it otherwise its other endpoints cannot be guessed.
            return url.EndsWith(address.Suffix, StringComparison.Ordinal) ? url[..^address.Suffix.Length].TrimEnd('/') : null;
        }
        catch (MissingSecretException problem)
        {
            sheet.Unfinished(null, $"{address.Place}: {problem.Message}");
            return null;
        }
    }

    private async Task<(Outcome Outcome, string? Detail)> OutcomeAsync(string url, string path, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var answer = await http.AsStrangerAsync(HttpMethod.Get, url, path, null, both.Token);
            if (answer.Refusal is { } refusal) return (Outcome.Unreachable, refusal.Words);
            return answer.Status switch
            {
                >= 200 and < 300 => (Outcome.Seen, null),
                401 or 403 => (Outcome.Unauthorized, $"HTTP {answer.Status}"),
                404 or 405 or 410 => (Outcome.Absent, $"HTTP {answer.Status}"),
                // A redirect, a limit, a failure: none of them tells whether it is there.
                _ => (Outcome.Unreachable, $"HTTP {answer.Status}"),
            };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (Outcome.Unreachable, "no answer within 10 s");
        }
    }

    // The best that any kept report has of each: what is missed stays a finding on the second day, too.
    private async Task<Dictionary<string, string>> KnownAsync(string system, string audit, CancellationToken cancellation)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (status, detail) in await runs.RowsAsync(system, audit, cancellation))
        {
            var what = detail.Split(": ")[0];
            if (!known.TryGetValue(what, out var best) || Rank(status) > Rank(best)) known[what] = status;
        }

        return known;
    }

    private static int Rank(string word) => word switch { "available" => 2, "unauthorized" => 1, _ => 0 };
}
