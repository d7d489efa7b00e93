using System.Diagnostics;
using Polly;
using Polly.CircuitBreaker;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Gateways;

/// <summary>Sends calls to one gateway under its resilience rules and takes note of each.</summary>
/// <param name="single">Exactly one call per question: no retry, no breaker.</param>
internal sealed class GatewayCaller(
    FleetSystem system, GatewayEndpoint gateway, IGatewayTransport transport, GatewayCircuit circuit, IGatewayCallLog log, TimeProvider time, bool single)
{
    private const string NotAsked = "not asked: it did not answer lately (circuit open), next try within 15 s";

    public async Task<Observation<T>> LookAsync<TBody, T>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody>> read, Func<GatewayAnswer<TBody>, (Outcome, T?, string?)> map, CancellationToken cancellation)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var (outcome, value, detail) = await RunAsync(call, read, map, result => result.Item1 == Outcome.Unreachable, result => result.Item1.ToString(), cancellation);
        return new Observation<T>(outcome, value, outcome == Outcome.Seen ? null : detail, at, time.GetElapsedTime(started));
    }

    /// <summary>A look at one instance, which may not be there.</summary>
    /// <param name="none">What a success without a value says.</param>
    public Task<Observation<T>> LookAsync<TBody, T>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody?>> read, Func<TBody, T> value, string none, CancellationToken cancellation) =>
        LookAsync(call, read, answer => answer switch
        {
            { Value: { } body } => (Outcome.Seen, value(body), null),
            { IsUnauthorized: true } => (Outcome.Unauthorized, default, answer.Detail),
            { SaysNoSuchInstance: true } => (Outcome.Absent, default(T), answer.Detail),
            { Status: 200, Error: null, Trouble: null } => (Outcome.Absent, default, none),
            _ => (Outcome.Unreachable, default, answer.Detail),
        }, cancellation);

    public Task<CommandAnswer> CommandAsync<TBody>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody>> read, Func<GatewayAnswer<TBody>, CommandAnswer> map, CancellationToken cancellation) =>
        RunAsync(call, read, map, answer => answer.Result == GatewayResult.Unreachable, answer => answer.Result.ToString(), cancellation);

    public Task<SelfMessage> SendAsync<TBody>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody>> read, Func<GatewayAnswer<TBody>, SelfMessage> map, CancellationToken cancellation) =>
        RunAsync(call, read, map, message => message.Result == SelfMessageResult.Unanswered, message => Result(message.Result).ToString(), cancellation);

    // The call log, and what counts it, knows the words of commands.
    private static GatewayResult Result(SelfMessageResult result) => result switch
    {
        SelfMessageResult.Accepted => GatewayResult.Done,
        SelfMessageResult.Unanswered => GatewayResult.Unreachable,
        _ => GatewayResult.Failed,
    };

    private async Task<T> RunAsync<TBody, T>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody>> read, Func<GatewayAnswer<TBody>, T> map, Func<T, bool> isSick, Func<T, string> outcome,
        CancellationToken cancellation)
    {
        if (single) return (await AttemptAsync(cancellation)).Result;
        var rules = call.IsRepeatable ? circuit.Looks : circuit.Commands;
        try
        {
            return (await rules.ExecuteAsync(async token => await AttemptAsync(token), cancellation)).Result;
        }
        catch (BrokenCircuitException)
        {
            return map(new GatewayAnswer<TBody>(null, default, null, NotAsked));
        }

        async ValueTask<GatewayAttempt<T>> AttemptAsync(CancellationToken token)
        {
            using var span = Traces.Start("gateway", call.Operation, ActivityKind.Client);
            var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
            var answer = await transport.SendAsync(call, read, token);
            var result = map(answer);
            var made = new GatewayCall(at, system.Name, gateway.Name, TenantOf(call.Instance), call.Instance, call.Operation, Words(outcome(result)), answer.Status, time.GetElapsedTime(started));
            log.Record(made);
            Metrics.GatewayCall(made.System, made.Operation, made.Outcome, made.Duration);
            Describe(span, made);
            return new GatewayAttempt<T>(result, isSick(result));
        }
    }

    private static void Describe(Activity? span, GatewayCall call) => span?
        .SetTag("whatsops.system", call.System).SetTag("whatsops.gateway", call.Gateway).SetTag("whatsops.tenant", call.Tenant)
        .SetTag("whatsops.outcome", call.Outcome).SetTag("http.response.status_code", call.Status);

    // The instance of a tenant is prefix + slug, exactly.
    private string? TenantOf(string? instance) =>
        instance is not null && instance.StartsWith(system.InstancePrefix, StringComparison.Ordinal) ? instance[system.InstancePrefix.Length..] : null;

    // NameInUse → name_in_use
    private static string Words(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
