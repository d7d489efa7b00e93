using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IInstanceTokens"/>
internal sealed class InstanceTokens(GatewayQuestions questions, TimeProvider time) : IInstanceTokens
{
    public async Task<Observation<IReadOnlyDictionary<string, string>>> ReadAsync(FleetSystem system, GatewayEndpoint endpoint, string? only, CancellationToken cancellation)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var (path, read) = system.Kind == SystemKinds.TurboZap
            ? ("/api/instance/list", TurboZapReader.KeysAsync)
            : ("/instance/fetchInstances" + (only is null ? "" : $"?instanceName={Uri.EscapeDataString(only)}"), (Func<Stream, CancellationToken, Task<IReadOnlyDictionary<string, string>>>)ReadAsync);
        var answer = await questions.AskAsync(system, endpoint, null, new GatewayRequest("tokens", HttpMethod.Get, path, only), read, cancellation);
        var outcome = answer switch
        {
            { Value: not null } => Outcome.Seen,
            { IsUnauthorized: true } => Outcome.Unauthorized,
            { SaysNoSuchInstance: true } => Outcome.Absent,
            _ => Outcome.Unreachable,
        };
        return new(outcome, answer.Value, outcome == Outcome.Seen ? null : answer.Detail, at, time.GetElapsedTime(started));
    }

    // 2.x: {name, token}; 1.x: {instance:{instanceName, apikey}}, and a single match without the array.
    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var json = await EvolutionReader.JsonAsync(body, cancellation);
        if (json.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) throw new JsonException("no instance list");
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().ToArray() : [json])
        {
            var inner = row.ValueKind == JsonValueKind.Object && row.TryGetProperty("instance", out var nested) ? nested : row;
            if ((inner.Text("name") ?? inner.Text("instanceName")) is { } name
                && (inner.Text("token") ?? inner.Text("apikey")) is { Length: > 0 } token)
                tokens[name] = token;
        }

        return tokens;
    }
}
