using WhatsOps.Fleet;

namespace WhatsOps.Gateways.Evolution;

/// <summary>
/// Evolution API 2.x and 1.8. What it is known to get wrong is handled here: errors inside 200, states that are missing, 404 before 401,
/// refusals that mean "already so". Looks need no version; the three commands that do ask for it first, when it is not known.
/// </summary>
internal sealed class EvolutionGateway(FleetSystem system, GatewayEndpoint gateway, GatewayCaller caller, EvolutionEndpoint endpoint, TimeProvider time) : IGateway
{
    private static readonly CommandAnswer UnknownVersion = new(GatewayResult.Unreachable, "its version is not known: neither GET / nor the list answers, so nothing was sent");

    private static readonly CommandAnswer NoHeaders = new(GatewayResult.Failed,
        "Evolution 1.x sends webhooks without headers, so the tenant's secret cannot travel; nothing was sent. Upgrade the gateway to 2.x");

    public string System => system.Name;

    public string Name => gateway.Name;

    public Task<Observation<GatewayHealth>> ProbeAsync(CancellationToken cancellation) => caller.LookAsync(
        new GatewayRequest("probe", HttpMethod.Get, "/"), EvolutionReader.VersionAsync, answer =>
        {
            if (answer.Value is null) return (Outcome.Unreachable, default(GatewayHealth), answer.Detail);
            endpoint.Version = answer.Value.StartsWith("1.", StringComparison.Ordinal) ? EvolutionVersion.V1 : EvolutionVersion.V2;
            return (Outcome.Seen, new GatewayHealth(answer.Value, answer.Date - time.GetUtcNow().ToWholeSeconds()), null);
        }, cancellation);

    public Task<Observation<IReadOnlyList<InstanceSnapshot>>> ListAsync(CancellationToken cancellation) => caller.LookAsync(
        new GatewayRequest("list", HttpMethod.Get, "/instance/fetchInstances"), EvolutionListReader.ReadAsync, answer =>
        {
            // A list that is not there would read as no instances at all: only the array counts.
            if (answer.Value is null) return (answer.IsUnauthorized ? Outcome.Unauthorized : Outcome.Unreachable, default(IReadOnlyList<InstanceSnapshot>), answer.Detail);
            endpoint.Version ??= answer.Value.Version;
            return (Outcome.Seen, answer.Value.Instances, null);
        }, cancellation);

    public Task<Observation<InstanceState>> StateAsync(string instance, CancellationToken cancellation) =>
        LookAsync("state", HttpMethod.Get, "/instance/connectionState/", instance, async (body, token) => (InstanceState?)await EvolutionReader.State(instance)(body, token), state => state!.Value, cancellation);

    public Task<Observation<WebhookSettings>> WebhookAsync(string instance, CancellationToken cancellation) =>
        LookAsync("webhook", HttpMethod.Get, "/webhook/find/", instance, EvolutionReader.WebhookAsync, webhook => webhook, cancellation);

    public async Task<Observation<StoredMessages>> MessagesAsync(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken cancellation)
    {
        if (await VersionAsync(cancellation) is not { } version) return new(Outcome.Unreachable, null, UnknownVersion.Detail, time.GetUtcNow(), TimeSpan.Zero);
        return await LookAsync(EvolutionMessages.Call(version, instance, from, to, page), EvolutionMessages.Read(from, to, page), messages => messages, cancellation);
    }

    public Task<Observation<PairingCode>> ConnectAsync(string instance, CancellationToken cancellation) => ConnectAsync(instance, "", cancellation);

    public Task<Observation<PairingCode>> ConnectAsync(string instance, string number, CancellationToken cancellation) => LookAsync(
        "connect", HttpMethod.Get, "/instance/connect/", instance, async (body, token) => (PairingCode?)await EvolutionReader.Pairing(instance)(body, token), code => code, cancellation,
        number.Length == 0 ? "" : "?number=" + Uri.EscapeDataString(number));

    public async Task<CommandAnswer> CreateAsync(NewInstance instance, CancellationToken cancellation)
    {
        if (await VersionAsync(cancellation) is not { } version) return UnknownVersion;
        if (!EvolutionCommands.CanCarry(version, instance.Webhook)) return NoHeaders;
        return await caller.CommandAsync(EvolutionCommands.Create(version, instance), EvolutionReader.Created(instance.Name), answer => answer switch
        {
            // The name is checked before the key: 403 is about the name, unless the words say otherwise.
            { Status: 403, Trouble: null, Error: var error } when error?.Contains("already in use", StringComparison.Ordinal) == true => new(GatewayResult.NameInUse, answer.Detail),
            _ => Map(answer),
        }, cancellation);
    }

    public async Task<CommandAnswer> SetWebhookAsync(string instance, WebhookSettings webhook, CancellationToken cancellation)
    {
        if (await VersionAsync(cancellation) is not { } version) return UnknownVersion;
        if (!EvolutionCommands.CanCarry(version, webhook)) return NoHeaders;
        return await caller.CommandAsync(EvolutionCommands.SetWebhook(version, instance, webhook), EvolutionReader.WebhookSetAsync, Map, cancellation);
    }

    public async Task<CommandAnswer> RestartAsync(string instance, CancellationToken cancellation)
    {
        if (await VersionAsync(cancellation) is not { } version) return UnknownVersion;
        return await caller.CommandAsync(EvolutionCommands.Restart(version, instance), EvolutionReader.RestartedAsync, answer => answer switch
        {
            // A closed instance cannot be restarted, and the answer to that is a 200.
            { Status: 200, Error: { } error } => new(GatewayResult.Failed, $"{error} (a closed instance does not restart: connect it)"),
            _ => Map(answer),
        }, cancellation);
    }

    public async Task<SelfMessage> SendToSelfAsync(string instance, string text, CancellationToken cancellation)
    {
        if (await VersionAsync(cancellation) is not { } version) return new(SelfMessageResult.NotSent, null, UnknownVersion.Detail);
        var owner = await LookAsync(EvolutionSelf.Question(instance), EvolutionSelf.Owner(instance), number => number, cancellation);
        return owner.Value is { } number
            ? await caller.SendAsync(EvolutionSelf.Text(version, instance, number, text), EvolutionSelf.IdAsync, EvolutionSelf.Map, cancellation)
            : new(SelfMessageResult.NotSent, null, owner.Outcome == Outcome.Absent ? "the gateway does not know the instance's own number" : owner.Detail);
    }

    public Task<CommandAnswer> LogoutAsync(string instance, CancellationToken cancellation) => caller.CommandAsync(
        new GatewayRequest("logout", HttpMethod.Delete, "/instance/logout/" + GatewayRequest.Escape(instance), instance), EvolutionReader.SucceededAsync, answer => answer switch
        {
            { Status: 400, Trouble: null, Error: var error } when error?.Contains("is not connected", StringComparison.Ordinal) == true => new(GatewayResult.AlreadySo, answer.Detail),
            { SaysNoSuchInstance: true } => new(GatewayResult.AlreadySo, answer.Detail),
            _ => Map(answer),
        }, cancellation);

    public Task<CommandAnswer> DeleteAsync(string instance, CancellationToken cancellation) => caller.CommandAsync(
        new GatewayRequest("delete", HttpMethod.Delete, "/instance/delete/" + GatewayRequest.Escape(instance), instance), EvolutionReader.SucceededAsync, answer => answer switch
        {
            { SaysNoSuchInstance: true } => new(GatewayResult.AlreadySo, answer.Detail),
            _ => Map(answer),
        }, cancellation);

    private static CommandAnswer Map<T>(GatewayAnswer<T> answer) => answer switch
    {
        { Trouble: not null } => new(GatewayResult.Unreachable, answer.Detail),
        { IsUnauthorized: true } => new(GatewayResult.Unauthorized, answer.Detail),
        { Status: >= 200 and < 300, Error: null } => new(GatewayResult.Done, null),
        // A gateway in front of it that cannot reach it: whether it happened is not known.
        { Status: 502 or 503 or 504 } => new(GatewayResult.Unreachable, answer.Detail),
        _ => new(GatewayResult.Failed, answer.Detail),
    };

    private Task<Observation<T>> LookAsync<TBody, T>(
        string operation, HttpMethod method, string path, string instance, Func<Stream, CancellationToken, Task<TBody?>> read, Func<TBody, T> value, CancellationToken cancellation,
        string query = "") =>
        LookAsync(new GatewayRequest(operation, method, path + GatewayRequest.Escape(instance) + query, instance), read, value, cancellation);

    private Task<Observation<T>> LookAsync<TBody, T>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody?>> read, Func<TBody, T> value, CancellationToken cancellation) =>
        caller.LookAsync(call, read, value, "none is set, or the instance is not loaded", cancellation);

    private async Task<EvolutionVersion?> VersionAsync(CancellationToken cancellation)
    {
        if (endpoint.Version is { } known) return known;
        await ProbeAsync(cancellation);
        if (endpoint.Version is null) await ListAsync(cancellation);
        return endpoint.Version;
    }
}
