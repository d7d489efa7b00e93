using System.Collections.Concurrent;
using System.Globalization;
using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.TaktChat;

namespace WhatsOps.Simulator;

/// <summary>
/// A TaktChat as far as its sources tell: logins with e-mail and password, one list of everybody's connections, session calls for the own company only, a start that
/// shows a code where there are no keys. Its table <c>"Whatsapps"</c> is whoever listens to <see cref="StatusChanged"/>.
/// </summary>
public sealed class TaktChatSimulator : ProductSimulator
{
    private readonly ConcurrentDictionary<int, TaktChatLine> _lines = new();
    private readonly ConcurrentDictionary<string, TaktChatUser> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<TaktChatUser> _users = [];

    private TaktChatSimulator(string url) => Listener = new(url, new TaktChatRoutes(this).HandleAsync, ControlAsync, TaktChatRoutes.Failure);

    public IReadOnlyList<TaktChatLine> Lines => [.. _lines.Values.OrderBy(line => line.Id)];

    public IReadOnlyCollection<TaktChatUser> Users => _users;

    /// <summary>The tokens of the sessions that it has given and not ended.</summary>
    public IReadOnlyCollection<string> Tokens => [.. _tokens.Keys];

    /// <summary>Its database does not answer it.</summary>
    public bool IsDatabaseAway { get; set; }

    /// <summary>Tokens it does not know are forged to it (403), not over (401).</summary>
    public bool HasNewSecret { get; set; }

    /// <summary>Told of every change of a connection: where its database is written.</summary>
    public Func<TaktChatLine, Task> StatusChanged { get; set; } = _ => Task.CompletedTask;

    public static async Task<TaktChatSimulator> StartAsync(string url = ProductListener.AnyPort)
    {
        var simulator = new TaktChatSimulator(url);
        await simulator.Listener.StartAsync();
        return simulator;
    }

    public TaktChatUser AddUser(int company, string email, string password)
    {
        var user = new TaktChatUser(company, email, password);
        _users.Add(user);
        return user;
    }

    /// <summary>A connection in a state; what is CONNECTED or OPENING has keys and is in memory.</summary>
    public async Task<TaktChatLine> SeedAsync(int company, int id, string status = "CONNECTED", bool? hasKeys = null, string channel = "whatsapp", string channelType = "baileys")
    {
        var line = new TaktChatLine(company, id) { Channel = channel, ChannelType = channelType };
        var lives = status is "CONNECTED" or "OPENING";
        (line.HasKeys, line.IsInMemory, line.Code) = (hasKeys ?? lives, lives || status == "qrcode", status == "qrcode" ? NewCode() : null);
        _lines[id] = line;
        await ChangeAsync(line, status);
        return line;
    }

    public bool IsCodeShown(int id) => Known(id).Code is not null;

    /// <summary>The phone reads the code that is shown.</summary>
    public Task ScanAsync(int id)
    {
        var line = Known(id);
        (line.HasKeys, line.Code) = (true, null);
        return ChangeAsync(line, "CONNECTED");
    }

    /// <summary>The device is removed on the phone: the session is wiped.</summary>
    public Task KickAsync(int id)
    {
        var line = Known(id);
        line.HasKeys = false;
        return EndAsync(line, "PENDING");
    }

    /// <summary>The connection breaks and the process does not take it up again; its keys are there.</summary>
    public Task DropAsync(int id) => EndAsync(Known(id), "DISCONNECTED");

    /// <summary>Three codes were shown and nobody read one.</summary>
    public Task GiveUpAsync(int id) => EndAsync(Known(id), "DISCONNECTED");

    /// <summary>Every session of its users is over.</summary>
    public void EndLogins() => _tokens.Clear();

    internal TaktChatUser? UserOf(string token) => _tokens.GetValueOrDefault(token);

    internal string LogIn(TaktChatUser user)
    {
        user.Logins++;
        var token = $"eyJ{Guid.NewGuid():N}";
        _tokens[token] = user;
        return token;
    }

    /// <param name="anew">Also what is up or shows a code.</param>
    internal async Task StartAsync(TaktChatLine line, bool anew = false)
    {
        if (!anew && line is { IsInMemory: true, Code: not null }) return;
        (line.IsInMemory, line.Code) = (true, null);
        await ChangeAsync(line, "OPENING");
        if (line.StaysDown) return;
        if (!line.HasKeys) line.Code = NewCode();
        await ChangeAsync(line, line.HasKeys ? "CONNECTED" : "qrcode");
    }

    internal Task EndAsync(TaktChatLine line, string status)
    {
        (line.IsInMemory, line.Code) = (false, null);
        return ChangeAsync(line, status);
    }

    private Task ChangeAsync(TaktChatLine line, string status)
    {
        (line.Status, line.UpdatedAt) = (status, TimeProvider.System.GetUtcNow());
        return StatusChanged(line);
    }

    private static string NewCode() => $"2@{Guid.NewGuid():N},{Guid.NewGuid():N}";

    private TaktChatLine Known(int id) => _lines.GetValueOrDefault(id) ?? throw new ArgumentException($"No connection has the number {id}.", nameof(id));

    private async Task<Answer?> ControlAsync(string control, HttpContext context)
    {
        int Id() => int.Parse(context.Request.Query["id"].ToString(), CultureInfo.InvariantCulture);
        return control switch
        {
            "GET /lines" => Answer.Ok(Lines.Select(line => new { line.Id, line.Company, line.Status, showsQr = line.Code is not null })),
            "POST /scan" => await ControlHttp.DoneAsync(ScanAsync(Id())),
            "POST /kick" => await ControlHttp.DoneAsync(KickAsync(Id())),
            "POST /drop" => await ControlHttp.DoneAsync(DropAsync(Id())),
            "POST /database" => ControlHttp.Done(() => IsDatabaseAway = context.Request.Query["away"] == "true"),
            _ => null,
        };
    }
}
