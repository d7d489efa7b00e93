using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Tries the doors of an HTTP service, as a stranger and as Meta would. Nothing that it sends has an effect: the events it sends are empty.</summary>
internal sealed class GuardProbe(WatchHttp http, IFleet fleet, TimeProvider time) : IProbe
{
    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Guards ?? []).Select(target =>
        new Look("guard/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience + TimeSpan.FromSeconds(target.Burst?.Requests ?? 0), token => ReadAsync(target, token)) { IsGentle = target.Burst is not null });

    private async Task<Reading> ReadAsync(GuardTarget target, CancellationToken cancellation)
    {
        var door = await GetAsync(target, "/", cancellation);
        if ((door.Refusal ?? HttpLimit.Of(door, time.GetUtcNow())) is { } refusal) return refusal;
        List<Measure> measures = [];
        List<Trouble> troubles = [];
        if (target.Meta is { } meta) await new MetaGuard(http, target.Url, meta, fleet).TryAsync(measures, troubles, cancellation);
        foreach (var path in target.Refused) await RefusedAsync(target, path, measures, troubles, cancellation);
        foreach (var path in target.RefusedPosts) await RefusedPostAsync(target, path, measures, troubles, cancellation);
        if (target.Burst is { } burst) await BurstAsync(target, burst, measures, troubles, cancellation);
        return Reading.Seen(troubles.Count == 0 ? "Its doors are as they should be." : $"{troubles.Count} of its doors are not as they should be.", measures, troubles) with
        {
            // A door that did not let itself be tried is not closed by that.
            Unseen = [.. troubles.Where(trouble => trouble.Kind == TroubleKinds.NotObservable).Select(trouble => trouble.Subject)],
        };
    }

    private async Task RefusedAsync(GuardTarget target, string path, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        var answer = await GetAsync(target, path, cancellation);
        if (answer.Refusal is null) measures.Add(new("guard.refused.status", answer.Status, path));
        // A page that sends strangers to its login refuses them, too.
        if (answer.Status is >= 200 and < 300)
            troubles.Add(new(TroubleKinds.Exposed, Severity.Critical, $"{path} answers {answer.Status} to a stranger. Close it in the proxy or behind a login, and change what it has shown.") { Subject = path });
        // Who is asked to wait was not refused for good.
        else if (answer.Refusal is not null || answer.Status is 429 or >= 500)
            troubles.Add(NotKnown(path, path, answer));
    }

    // Without a body, so that nothing is done: whoever complains of what is missing in it would have taken it from anybody.
    private async Task RefusedPostAsync(GuardTarget target, string path, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        var subject = "POST " + path;
        var answer = await http.AsStrangerAsync(HttpMethod.Post, target.Url, path, null, cancellation);
        if (answer.Refusal is null) measures.Add(new("guard.refused.status", answer.Status, subject));
        if (answer.Status is (>= 200 and < 300) or 400 or 422)
            troubles.Add(new(TroubleKinds.Exposed, Severity.Critical, $"A stranger's POST without a body to {path} is answered {answer.Status}, so anybody can have done what it does. Close it in the proxy or behind a login.") { Subject = subject });
        else if (answer.Refusal is not null || answer.Status is not (401 or 403 or 404 or 405))
            troubles.Add(NotKnown(path, subject, answer));
    }

    private static Trouble NotKnown(string path, string subject, HttpAnswer answer) =>
        new(TroubleKinds.NotObservable, Severity.Low, $"Whether {path} is closed is not known: {answer.Refusal?.Words ?? $"it answers {answer.Status}."}") { Subject = subject };

    private async Task BurstAsync(GuardTarget target, BurstOptions burst, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        const int AtOnce = 10;
        var (answered, limited) = (0, 0);
        await Parallel.ForAsync(0, burst.Requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (_, token) =>
        {
            var answer = await GetAsync(target, burst.Path, token);
            if (answer.Refusal is not null) return;
            Interlocked.Increment(ref answered);
            // nginx says 503 unless told otherwise.
            if (answer.Status is 429 or 503) Interlocked.Increment(ref limited);
        });
        measures.Add(new("guard.burst.limited", limited));
        if (answered < burst.Requests)
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"Only {answered} of {burst.Requests} requests in a row were answered: whether there is a rate limit is not known.") { Subject = "burst" });
        else if (limited == 0)
            troubles.Add(new(TroubleKinds.Misconfigured, Severity.Medium, $"{burst.Requests} requests in a row to {burst.Path} were all let through: there is no rate limit, or a higher one (WhatsApp Agent's own is 100 a minute). Set limit_req in nginx; TurboZap's own setting REDIS_RATE_LIMIT_RPM does nothing.") { Subject = "burst" });
    }

    private Task<HttpAnswer> GetAsync(GuardTarget target, string path, CancellationToken cancellation) => http.AsStrangerAsync(HttpMethod.Get, target.Url, path, null, cancellation);
}
