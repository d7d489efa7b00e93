using WhatsOps.Simulator.Bot;
using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator;

/// <summary>
/// The IA Atendimento Bot as its manual shows it, since there are no sources: health that says healthy while Redis is lost, counters since its start, nginx with a limit of
/// requests in front.
/// </summary>
public sealed class BotSimulator : ProductSimulator
{
    private readonly TimeProvider _time;

    private BotSimulator(BotOptions options)
    {
        (Options, _time) = (options, options.TimeProvider);
        Now = (options.State, _time.GetUtcNow());
        Listener = new(options.Url, new BotRoutes(this, _time).HandleAsync, ControlAsync, BotRoutes.Failure);
    }

    public BotState State
    {
        get => Now.State;
        set => Now = (value, _time.GetUtcNow());
    }

    internal BotOptions Options { get; }

    /// <summary>Its state, and since when.</summary>
    internal (BotState State, DateTimeOffset Since) Now { get; private set; }

    public static async Task<BotSimulator> StartAsync(BotOptions? options = null)
    {
        var simulator = new BotSimulator(options ?? new());
        await simulator.Listener.StartAsync();
        return simulator;
    }

    /// <summary>Its process begins again, by PM2 or otherwise: uptime and counters, too.</summary>
    public void Restart() => State = State with { Uptime = TimeSpan.Zero, Messages = 0, Errors = 0 };

    private async Task<Answer?> ControlAsync(string control, HttpContext context) => control switch
    {
        "GET /state" => Answer.Ok(State),
        "POST /state" => await SetAsync(context),
        "POST /restart" => ControlHttp.Done(Restart),
        _ => null,
    };

    private async Task<Answer> SetAsync(HttpContext context)
    {
        State = await ControlHttp.ReadAsync<BotState>(context);
        return Answer.Ok(State);
    }
}
