using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>
/// TaktChat (Whaticket family; Baileys inside) as a gateway: each WhatsApp connection of each company is an instance, called <c>COMPANY-CONNECTION</c>. One
/// account sees all companies; only an account of the same company can act. Its statuses are rows of its database, which follow the sessions while its process lives.
/// </summary>
/// <param name="callers">Calls as an account.</param>
internal sealed class TaktChatGateway(FleetSystem system, GatewayEndpoint gateway, Func<GatewayAccount, GatewayCaller> callers, TaktChatCodes codes, TimeProvider time) : IGateway
{
    private const string Everybody = "/whatsapp/all?session=0";
    private const string OwnCompany = "/whatsapp/?session=0";

    public string System => system.Name;

    public string Name => gateway.Name;

    // Whoever may see all companies' connections.
    private GatewayAccount First => gateway.Accounts[0];

    /// <summary>Without a login. 503 means that TaktChat answers and its database does not.</summary>
    public Task<Observation<GatewayHealth>> ProbeAsync(CancellationToken cancellation) => callers(First).LookAsync(
        new GatewayRequest("probe", HttpMethod.Get, "/version"), TaktChatReader.VersionAsync, answer => answer.Value is null
            ? (Outcome.Unreachable, default(GatewayHealth), answer.Detail)
            : (Outcome.Seen, new GatewayHealth(answer.Value, answer.Date - time.GetUtcNow().ToWholeSeconds()), null), cancellation);

    public async Task<Observation<IReadOnlyList<InstanceSnapshot>>> ListAsync(CancellationToken cancellation)
    {
        var list = await ConnectionsAsync("list", Everybody, First, null, cancellation);
        return list.Map<IReadOnlyList<InstanceSnapshot>>(connections => [.. connections.Select(TaktChatStates.Snapshot)]);
    }

    public async Task<Observation<InstanceState>> StateAsync(string instance, CancellationToken cancellation) =>
        (await FindAsync(instance, cancellation)).Map(connection => TaktChatStates.Of(connection.Status));

    public Task<Observation<WebhookSettings>> WebhookAsync(string instance, CancellationToken cancellation) => Task.FromResult(NotOffered<WebhookSettings>(TaktChatCapabilities.NoWebhooks));

    public Task<Observation<StoredMessages>> MessagesAsync(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken cancellation) =>
        Task.FromResult(NotOffered<StoredMessages>(TaktChatCapabilities.NoMessages));

    /// <summary>
    /// Starts what is down, and shows the code while there is one. What opens or shows a code already is left alone, and what was wiped gets a new session.
    /// </summary>
    public async Task<Observation<PairingCode>> ConnectAsync(string instance, CancellationToken cancellation)
    {
        if (Actor(instance) is not { } actor) return Refused<PairingCode>(instance);
        var shown = await CodeAsync(actor, instance, cancellation);
        if (shown.Value is not { } code || code.Status is TaktChatStates.Connected or TaktChatStates.Opening or TaktChatStates.Code) return shown.Map(seen => Pairing(instance, seen));
        var started = await StartAsync(actor, instance, code.Status == TaktChatStates.Pending ? HttpMethod.Put : HttpMethod.Post, "connect", cancellation);
        if (!started.IsAccepted)
            return new(started.Result == GatewayResult.Unauthorized ? Outcome.Unauthorized : Outcome.Unreachable, null, started.Detail, shown.At, shown.Took);
        return (await CodeAsync(actor, instance, cancellation)).Map(seen => Pairing(instance, seen));
    }

    /// <summary>TaktChat has QR codes only: the number changes nothing.</summary>
    public Task<Observation<PairingCode>> ConnectAsync(string instance, string number, CancellationToken cancellation) => ConnectAsync(instance, cancellation);

    public Task<CommandAnswer> CreateAsync(NewInstance instance, CancellationToken cancellation) => Failed(TaktChatCapabilities.NoCreation);

    public Task<CommandAnswer> SetWebhookAsync(string instance, WebhookSettings webhook, CancellationToken cancellation) => Failed(TaktChatCapabilities.NoWebhooks);

    /// <summary>
    /// Starts what is down. One that is connected has no restart of its own: all of its company restart together, which is done only where it is the only one.
    /// </summary>
    public async Task<CommandAnswer> RestartAsync(string instance, CancellationToken cancellation)
    {
        if (Actor(instance) is not { } actor) return RefusedCommand(instance);
        var company = await ConnectionsAsync("state", OwnCompany, actor.Account, instance, cancellation);
        if (company.Value is not { } connections) return new(company.Outcome == Outcome.Unauthorized ? GatewayResult.Unauthorized : GatewayResult.Unreachable, company.Detail);
        if (connections.FirstOrDefault(connection => connection.Name == instance) is not { } own) return new(GatewayResult.Failed, "its company has no such connection");
        if (own.Status != TaktChatStates.Connected) return await StartAsync(actor, instance, HttpMethod.Post, "restart", cancellation);
        return connections.Count == 1
            ? await CommandAsync(actor, new("restart", HttpMethod.Post, "/whatsapp-restart/", instance), cancellation)
            : new(GatewayResult.Failed, $"it is connected, and TaktChat restarts what is connected only with all {connections.Count} connections of the company together: restart them in TaktChat");
    }

    public Task<SelfMessage> SendToSelfAsync(string instance, string text, CancellationToken cancellation) =>
        Task.FromResult(new SelfMessage(SelfMessageResult.NotSent, null, TaktChatCapabilities.NoSelfMessage));

    /// <summary>A session that is not in memory is refused after its keys were removed: the status, read back, says what came of it.</summary>
    public async Task<CommandAnswer> LogoutAsync(string instance, CancellationToken cancellation)
    {
        if (Actor(instance) is not { } actor) return RefusedCommand(instance);
        var answer = await CommandAsync(actor, new("logout", HttpMethod.Delete, $"/whatsappsession/{actor.Id}", instance), cancellation, refused =>
            refused is { Trouble: null, Error: { } error } && error.StartsWith(TaktChatErrors.NotInMemory, StringComparison.Ordinal)
                ? new(GatewayResult.AlreadySo, "it was not in memory; its keys are removed")
                : null);
        if (!answer.IsAccepted) return answer;
        var state = await StateAsync(instance, cancellation);
        return state is { IsSeen: true, Value: InstanceState.Open } ? new(GatewayResult.Failed, "it said that it logged out, and the connection is still CONNECTED") : answer;
    }

    public Task<CommandAnswer> DeleteAsync(string instance, CancellationToken cancellation) => Failed(TaktChatCapabilities.NoDeletion);

    // By the list of its company where an account has one: it is short, and what it lacks is not there. TaktChat's word for one connection that is missing is
    // the same as for another company's.
    private async Task<Observation<TaktChatConnection>> FindAsync(string instance, CancellationToken cancellation)
    {
        if (TaktChatConnection.Parse(instance) is not { } place) return NotOffered<TaktChatConnection>("no name of a connection: they are called COMPANY-CONNECTION, such as 12-7");
        var own = TaktChatAccounts.Of(gateway, place.Company);
        var list = own is null ? await ConnectionsAsync("list", Everybody, First, instance, cancellation) : await ConnectionsAsync("state", OwnCompany, own, instance, cancellation);
        return list.Value is { } connections && connections.All(connection => connection.Name != instance)
            ? new(Outcome.Absent, null, "no such connection", list.At, list.Took)
            : list.Map(found => found.First(connection => connection.Name == instance));
    }

    private Task<Observation<IReadOnlyList<TaktChatConnection>>> ConnectionsAsync(string operation, string path, GatewayAccount account, string? instance, CancellationToken cancellation) =>
        callers(account).LookAsync(new GatewayRequest(operation, HttpMethod.Get, path, instance), TaktChatReader.ListAsync, answer => answer.Value is not null
            ? (Outcome.Seen, answer.Value, null)
            : (answer.IsUnauthorized ? Outcome.Unauthorized : Outcome.Unreachable, default(IReadOnlyList<TaktChatConnection>), answer.Detail), cancellation);

    private Task<Observation<TaktChatCode>> CodeAsync((GatewayAccount Account, int Id) actor, string instance, CancellationToken cancellation) =>
        callers(actor.Account).LookAsync(new GatewayRequest("connect", HttpMethod.Get, $"/whatsapp/{actor.Id}", instance), TaktChatReader.Code(actor.Id), answer => answer switch
        {
            { Value: not null } => (Outcome.Seen, answer.Value, null),
            { IsUnauthorized: true } => (Outcome.Unauthorized, default(TaktChatCode), answer.Detail),
            { Status: 404, Error: { } error } when error.StartsWith("ERR_", StringComparison.Ordinal) => (Outcome.Absent, default, answer.Detail),
            _ => (Outcome.Unreachable, default, answer.Detail),
        }, cancellation);

    private Task<CommandAnswer> StartAsync((GatewayAccount Account, int Id) actor, string instance, HttpMethod method, string operation, CancellationToken cancellation) =>
        CommandAsync(actor, new(operation, method, $"/whatsappsession/{actor.Id}", instance), cancellation);

    private Task<CommandAnswer> CommandAsync(
        (GatewayAccount Account, int Id) actor, GatewayRequest call, CancellationToken cancellation, Func<GatewayAnswer<bool>, CommandAnswer?>? special = null) =>
        callers(actor.Account).CommandAsync(call, TaktChatReader.DoneAsync, answer => special?.Invoke(answer) ?? answer switch
        {
            { Trouble: not null } => new(GatewayResult.Unreachable, answer.Detail),
            { Value: true } => new(GatewayResult.Done, null),
            { IsUnauthorized: true } => new(GatewayResult.Unauthorized, answer.Detail),
            { Status: 502 or 503 or 504 } => new(GatewayResult.Unreachable, answer.Detail),
            _ => new(GatewayResult.Failed, answer.Detail),
        }, cancellation);

    private (GatewayAccount Account, int Id)? Actor(string instance) =>
        TaktChatConnection.Parse(instance) is { } place && TaktChatAccounts.Of(gateway, place.Company) is { } account ? (account, place.Id) : null;

    private string Why(string instance) =>
        TaktChatAccounts.RefusalOf(system, gateway, instance) ?? "no name of a connection: they are called COMPANY-CONNECTION, such as 12-7";

    private Observation<T> Refused<T>(string instance) => new(Outcome.Unauthorized, default, Why(instance), time.GetUtcNow(), TimeSpan.Zero);

    private CommandAnswer RefusedCommand(string instance) => new(GatewayResult.Failed, Why(instance));

    private Observation<T> NotOffered<T>(string why) => new(Outcome.Absent, default, why, time.GetUtcNow(), TimeSpan.Zero);

    private static Task<CommandAnswer> Failed(string why) => Task.FromResult(new CommandAnswer(GatewayResult.Failed, why));

    private PairingCode Pairing(string instance, TaktChatCode code) => new(code.Qr, null, code.Status == TaktChatStates.Connected ? InstanceState.Open : InstanceState.Connecting)
    {
        Count = code.Qr is { } qr ? codes.Count(System, Name, instance, qr) : null,
    };
}
