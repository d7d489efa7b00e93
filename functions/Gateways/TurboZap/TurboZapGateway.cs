using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TurboZap;

/// <summary>
/// TurboZap API (Go, whatsmeow) under its global key. What it is known to get wrong is handled here: <c>connected</c> that means paired, 403 for what it
/// did, 200 for a logout that failed, 500 for an instance that is not connected.
/// </summary>
internal sealed class TurboZapGateway(FleetSystem system, GatewayEndpoint gateway, GatewayCaller caller, TurboZapDatabase database, TimeProvider time) : IGateway
{
    private const string NoMessages = "not offered by this gateway: TurboZap has no endpoint for stored messages";

    public string System => system.Name;

    public string Name => gateway.Name;

    public Task<Observation<GatewayHealth>> ProbeAsync(CancellationToken cancellation) => caller.LookAsync(
        new GatewayRequest("probe", HttpMethod.Get, "/"), TurboZapReader.VersionAsync, answer => answer.Value is null
            ? (Outcome.Unreachable, default(GatewayHealth), answer.Detail)
            : (Outcome.Seen, new GatewayHealth(answer.Value, answer.Date - time.GetUtcNow().ToWholeSeconds()), null), cancellation);

    public async Task<Observation<IReadOnlyList<InstanceSnapshot>>> ListAsync(CancellationToken cancellation)
    {
        var list = await caller.LookAsync(new GatewayRequest("list", HttpMethod.Get, "/api/instance/list"), TurboZapReader.ListAsync, answer =>
            answer.Value is not null ? (Outcome.Seen, answer.Value, null) : (answer.IsUnauthorized ? Outcome.Unauthorized : Outcome.Unreachable, default(IReadOnlyList<TurboZapInstance>), answer.Detail), cancellation);
        if (list.Value is not { } instances) return new(list.Outcome, null, list.Detail, list.At, list.Took);
        var rows = await database.ReadAsync(gateway, null, cancellation);
        return new(Outcome.Seen, [.. instances.Select(instance => TurboZapStates.Snapshot(instance, rows.Of(instance.Name)))], rows.Doubt(instances), list.At, list.Took);
    }

    /// <summary>
    /// Paired only where no database is named. One that is named and does not tell makes the look unreachable: nobody may take the silence of a
    /// database for a state and act on it.
    /// </summary>
    public async Task<Observation<InstanceState>> StateAsync(string instance, CancellationToken cancellation)
    {
        var seen = await StatusAsync(instance, cancellation);
        if (seen.Value is not { } known) return new(seen.Outcome, default, seen.Detail, seen.At, seen.Took);
        if (known.Status != TurboZapStates.Paired) return new(Outcome.Seen, TurboZapStates.Of(known.Status, null), null, seen.At, seen.Took);
        var rows = await database.ReadAsync(gateway, instance, cancellation);
        var doubt = rows.Doubt([known]);
        return doubt is not null && gateway.Database is not null
            ? new(Outcome.Unreachable, default, doubt, seen.At, seen.Took)
            : new(Outcome.Seen, TurboZapStates.Of(known.Status, rows.Of(instance)), doubt, seen.At, seen.Took);
    }

    public Task<Observation<WebhookSettings>> WebhookAsync(string instance, CancellationToken cancellation) => LookAsync(
        new GatewayRequest("webhook", HttpMethod.Get, $"/api/webhook/{GatewayRequest.Escape(instance)}/", instance), TurboZapReader.WebhookAsync, webhook => webhook, cancellation);

    public Task<Observation<StoredMessages>> MessagesAsync(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken cancellation) =>
        Task.FromResult(new Observation<StoredMessages>(Outcome.Absent, null, NoMessages, time.GetUtcNow(), TimeSpan.Zero));

    /// <summary>Connects first: a device that is paired only needs that, and one that is not shows no code before.</summary>
    public async Task<Observation<PairingCode>> ConnectAsync(string instance, CancellationToken cancellation)
    {
        var connected = await LookAsync("connect", HttpMethod.Post, instance, "/connect", DoneAsync, _ => true, cancellation);
        if (!connected.IsSeen) return new(connected.Outcome, null, connected.Detail, connected.At, connected.Took);
        var code = await LookAsync("connect", HttpMethod.Get, instance, "/qrcode", TurboZapReader.Code(instance), read => read, cancellation);
        if (code.Value is not { } shown) return new(code.Outcome, null, code.Detail, code.At, code.Took);
        if (shown.Status != TurboZapStates.Paired) return new(Outcome.Seen, new PairingCode(shown.Qr, null, InstanceState.Connecting), null, code.At, code.Took);
        var state = await StateAsync(instance, cancellation);
        return new(state.Outcome, state.IsSeen ? new PairingCode(null, null, state.Value) : null, state.Detail, code.At, code.Took);
    }

    /// <summary>TurboZap has QR codes only: the number changes nothing.</summary>
    public Task<Observation<PairingCode>> ConnectAsync(string instance, string number, CancellationToken cancellation) => ConnectAsync(instance, cancellation);

    /// <summary>Two calls: create takes a name and nothing else.</summary>
    public async Task<CommandAnswer> CreateAsync(NewInstance instance, CancellationToken cancellation)
    {
        var created = await CommandAsync(new("create", HttpMethod.Post, "/api/instance/create", instance.Name, new { name = instance.Name }), cancellation, answer => answer switch
        {
            { Status: 409, Trouble: null } => new(GatewayResult.NameInUse, answer.Detail),
            _ => null,
        });
        if (created.Result != GatewayResult.Done || instance.Webhook is not { Enabled: true } webhook) return created;
        var set = await SetWebhookAsync(instance.Name, webhook, cancellation);
        return set.IsAccepted ? created : created with { Detail = $"created, but its webhook is not set: {set.Detail}" };
    }

    public Task<CommandAnswer> SetWebhookAsync(string instance, WebhookSettings webhook, CancellationToken cancellation)
    {
        if (webhook.Events.FirstOrDefault(name => TurboZapEvents.DottedOf(name) is null) is { } unknown)
            return Task.FromResult(new CommandAnswer(GatewayResult.Failed, $"TurboZap has no event {unknown}; nothing was sent"));
        // Left out, events means all of them.
        var body = new
        {
            url = webhook.Url, events = webhook.Events.Count == 0 ? null : webhook.Events.Select(TurboZapEvents.DottedOf).ToArray(), headers = webhook.Headers, enabled = webhook.Enabled,
            webhook_by_events = webhook.ByEvents, webhook_base64 = webhook.Base64,
        };
        return CommandAsync(new("set_webhook", HttpMethod.Post, $"/api/webhook/{GatewayRequest.Escape(instance)}/set", instance, body), cancellation);
    }

    public Task<CommandAnswer> RestartAsync(string instance, CancellationToken cancellation) => CommandAsync(Request("restart", HttpMethod.Put, instance, "/restart"), cancellation, answer => answer switch
    {
        { Status: 500, Trouble: null } => new(GatewayResult.Failed, $"{answer.Detail} (what has no client in memory does not restart: connect it)"),
        _ => null,
    });

    public async Task<SelfMessage> SendToSelfAsync(string instance, string text, CancellationToken cancellation)
    {
        var owner = await LookAsync("owner", HttpMethod.Get, instance, "", TurboZapReader.Of(instance), read => read, cancellation);
        if (!owner.IsSeen) return new(SelfMessageResult.NotSent, null, owner.Detail);
        if (Digits(owner.Value!.Number) is not { } number) return new(SelfMessageResult.NotSent, null, "the gateway does not know the instance's own number");
        return await caller.SendAsync(
            new GatewayRequest("send_text", HttpMethod.Post, $"/api/message/{GatewayRequest.Escape(instance)}/text", instance, new { to = number, text }), TurboZapReader.MessageIdAsync, Sent, cancellation);
    }

    /// <summary>Says 200 whatever came of it, so the state is read back.</summary>
    public async Task<CommandAnswer> LogoutAsync(string instance, CancellationToken cancellation)
    {
        var answer = await CommandAsync(Request("logout", HttpMethod.Post, instance, "/logout"), cancellation, Gone);
        if (answer.Result != GatewayResult.Done) return answer;
        return (await StatusAsync(instance, cancellation)).Value is { Status: TurboZapStates.Paired }
            ? new(GatewayResult.Failed, "it said that it logged out, and the device is still paired")
            : answer;
    }

    public Task<CommandAnswer> DeleteAsync(string instance, CancellationToken cancellation) =>
        CommandAsync(Request("delete", HttpMethod.Delete, instance, ""), cancellation, Gone);

    /// <summary>The API's own word.</summary>
    private Task<Observation<TurboZapInstance>> StatusAsync(string instance, CancellationToken cancellation) =>
        LookAsync("state", HttpMethod.Get, instance, "/status", TurboZapReader.Of(instance), read => read, cancellation);

    private static CommandAnswer? Gone(GatewayAnswer<bool> answer) => answer.SaysNoSuchInstance ? new(GatewayResult.AlreadySo, answer.Detail) : null;

    private static SelfMessage Sent(GatewayAnswer<string> answer) => answer switch
    {
        { Value: { } id, Error: null, Trouble: null } => new(SelfMessageResult.Accepted, id.Length > 0 ? id : null, null),
        { Status: null or 502 or 503 or 504 } => new(SelfMessageResult.Unanswered, null, answer.Detail),
        // Its handler goes on without the client it did not find.
        { Status: 500, Error: { } error } when error.Contains("invalid memory address", StringComparison.Ordinal) =>
            new(SelfMessageResult.Refused, null, $"{answer.Detail} (its answer for an instance that is not connected)"),
        // Unreadable, and yet a success: it may have been sent.
        { Status: >= 200 and < 300, Error: null } => new(SelfMessageResult.Accepted, null, null),
        { IsUnauthorized: true } or { Status: 404 or 400 or (>= 300 and < 400) } or { Trouble: not null } => new(SelfMessageResult.NotSent, null, answer.Detail),
        _ => new(SelfMessageResult.Refused, null, answer.Detail),
    };

    private static string? Digits(string? number)
    {
        var digits = number?.Split('@', ':')[0].TrimStart('+');
        return digits is { Length: >= 8 and <= 15 } && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private static GatewayRequest Request(string operation, HttpMethod method, string instance, string action) =>
        new(operation, method, $"/api/instance/{GatewayRequest.Escape(instance)}{action}", instance);

    private static async Task<string?> DoneAsync(Stream body, CancellationToken cancellation) => await TurboZapReader.DoneAsync(body, cancellation) ? "" : null;

    /// <param name="special">Answers of this one command; null where it has nothing to say.</param>
    private Task<CommandAnswer> CommandAsync(GatewayRequest call, CancellationToken cancellation, Func<GatewayAnswer<bool>, CommandAnswer?>? special = null) =>
        caller.CommandAsync(call, TurboZapReader.DoneAsync, answer => special?.Invoke(answer) ?? answer switch
        {
            { Trouble: not null } => new(GatewayResult.Unreachable, answer.Detail),
            // Before the refusals: a 403 that says success has done it.
            { Value: true, Error: null } => new(GatewayResult.Done, null),
            { IsUnauthorized: true } => new(GatewayResult.Unauthorized, answer.Detail),
            { Status: 502 or 503 or 504 } => new(GatewayResult.Unreachable, answer.Detail),
            _ => new(GatewayResult.Failed, answer.Detail),
        }, cancellation);

    private Task<Observation<T>> LookAsync<TBody, T>(
        string operation, HttpMethod method, string instance, string action, Func<Stream, CancellationToken, Task<TBody?>> read, Func<TBody, T> value, CancellationToken cancellation) =>
        LookAsync(Request(operation, method, instance, action), read, value, cancellation);

    private Task<Observation<T>> LookAsync<TBody, T>(
        GatewayRequest call, Func<Stream, CancellationToken, Task<TBody?>> read, Func<TBody, T> value, CancellationToken cancellation) =>
        caller.LookAsync(call, read, value, "none is configured", cancellation);
}
