using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>Single questions beside the client: with another key than the gateway's, or at addresses that may not be there. Each is one call and one row of the call log.</summary>
internal sealed class GatewayQuestions(IFleet fleet, IHttpClientFactory clients, IGatewayCallLog log, TimeProvider time)
{
    /// <param name="key">Null: the gateway's own global key. Throws <see cref="MissingSecretException"/> when that has no value.</param>
    public async Task<GatewayAnswer<T>> AskAsync<T>(
        FleetSystem system, GatewayEndpoint endpoint, string? key, GatewayRequest call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        var transport = new GatewayTransport(clients, time, GatewayDialects.Of(system), fleet.Resolve(endpoint.Url), key ?? fleet.Resolve(endpoint.ApiKey));
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var answer = await transport.SendAsync(call, read, cancellation);
        log.Record(new GatewayCall(at, system.Name, endpoint.Name, null, call.Instance, call.Operation, OutcomeOf(answer), answer.Status, time.GetElapsedTime(started)));
        return answer;
    }

    private static string OutcomeOf<T>(GatewayAnswer<T> answer) => answer switch
    {
        { IsUnauthorized: true } => "unauthorized",
        { Trouble: not null } or { Status: >= 500 } => "unreachable",
        { Status: 404 } => "absent",
        _ => "seen",
    };
}
