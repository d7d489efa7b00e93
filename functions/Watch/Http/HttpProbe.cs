using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Asks HTTP endpoints, and reads their answers by the shape that the fleet file names.</summary>
internal sealed class HttpProbe(WatchHttp http, TimeProvider time) : IProbe
{
    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Http ?? []).Select(target =>
        new Look("http/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), TimeSpan.FromSeconds(target.TimeoutSeconds), token => ReadAsync(target, token))
        {
            // Its checks call Meta and OpenAI, and calls up to 10 s of each healthy.
            IsGentle = target.Shape == HttpShape.AgentHealth,
            Clock = target.Shape == HttpShape.AgentHealth ? "seconds.detailed" : "seconds",
        });

    private async Task<Reading> ReadAsync(HttpTarget target, CancellationToken cancellation)
    {
        var answer = await http.GetAsync(target.Url, "", target.Headers, withBody: target.Shape != HttpShape.Status, cancellation);
        if ((answer.Refusal ?? HttpLimit.Of(answer, time.GetUtcNow())) is { } refusal) return refusal;
        if (target.Shape == HttpShape.Status) return answer.Status < 300 ? Reading.Seen($"It answers {answer.Status}.", []) : Reading.Unreachable($"It answers {answer.Status}.");
        return HttpShapes.Read(target, answer.Status, answer.Body, time.GetUtcNow());
    }
}
