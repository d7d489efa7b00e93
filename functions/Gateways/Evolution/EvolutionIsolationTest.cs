using WhatsOps.Fleet;

namespace WhatsOps.Gateways.Evolution;

/// <inheritdoc cref="IIsolationTest"/>
internal sealed class EvolutionIsolationTest(IInstanceTokens tokens, GatewayQuestions questions, TimeProvider time) : IIsolationTest
{
    private const string List = "/instance/fetchInstances";

    public async Task<Observation<IReadOnlyList<string>>> TryAsync(FleetSystem system, GatewayEndpoint endpoint, string first, string second, CancellationToken cancellation)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        if (system.Kind != SystemKinds.Evolution) return Result(Outcome.Absent, null, $"the attempt is written for Evolution's routes, and {system.Name} is of kind {system.Kind}");
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])[first, second])
        {
            var seen = await tokens.ReadAsync(system, endpoint, name, cancellation);
            if (seen.Outcome is Outcome.Unauthorized or Outcome.Unreachable) return Result(seen.Outcome, null, seen.Detail);
            if (seen.Value?.GetValueOrDefault(name) is not { } token) return Result(Outcome.Absent, null, seen.IsSeen ? $"the gateway does not show the token of {name}" : $"{name} is not on the gateway");
            keys[name] = token;
        }

        if (keys[first] == keys[second]) return Result(Outcome.Absent, null, "both test instances have the same token");
        var open = new List<string>();
        foreach (var (own, victim) in ((string, string)[])[(first, second), (second, first)])
            if (await TryAsync(system, endpoint, keys[own], own, victim, open, cancellation) is { } trouble) return Result(Outcome.Unreachable, null, trouble);
        return Result(Outcome.Seen, open, null);

        Observation<IReadOnlyList<string>> Result(Outcome outcome, IReadOnlyList<string>? value, string? detail) => new(outcome, value, detail, at, time.GetElapsedTime(started));
    }

    /// <summary>Null when every way was tried; else why one could not be.</summary>
    private async Task<string?> TryAsync(
        FleetSystem system, GatewayEndpoint endpoint, string key, string own, string victim, List<string> open, CancellationToken cancellation)
    {
        var (mine, theirs) = (GatewayRequest.Escape(own), GatewayRequest.Escape(victim));
        // The query's name overrides the path's in gateways before the fix, after the guard has looked at the path's.
        (string Way, string Path, Func<Stream, CancellationToken, Task<IReadOnlyList<string>>> Read)[] ways =
        [
            ($"{List}?instanceName={victim}", $"{List}?instanceName={Uri.EscapeDataString(victim)}", ListedAsync),
            (List, List, ListedAsync),
            ($"/instance/connectionState/{victim}", $"/instance/connectionState/{theirs}", StateOfAsync),
            ($"/instance/connectionState/{own}?instanceName={victim}", $"/instance/connectionState/{mine}?instanceName={Uri.EscapeDataString(victim)}", StateOfAsync),
        ];
        foreach (var (way, path, read) in ways)
        {
            var answer = await questions.AskAsync(system, endpoint, key, new GatewayRequest("isolation_test", HttpMethod.Get, path, own), read, cancellation);
            if (answer.Trouble is not null || answer.Status >= 500) return answer.Detail;
            if (answer.Value?.Contains(victim, StringComparer.Ordinal) == true) open.Add($"token of {own}: GET {way}");
        }

        return null;
    }

    private static async Task<IReadOnlyList<string>> ListedAsync(Stream body, CancellationToken cancellation) =>
        [.. (await EvolutionListReader.ReadAsync(body, cancellation)).Instances.Select(instance => instance.Name)];

    private static async Task<IReadOnlyList<string>> StateOfAsync(Stream body, CancellationToken cancellation) =>
        (await EvolutionReader.JsonAsync(body, cancellation)).TryGetProperty("instance", out var instance) && instance.Text("instanceName") is { } name ? [name] : [];
}
