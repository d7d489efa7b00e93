using WhatsOps.Simulator.Agent;
using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator;

/// <summary>
/// A WhatsApp Agent as far as its sources tell: a static <c>/health</c>, a detailed one that looks, Meta's webhook with its signature, and a login that nobody can get
/// through, so that everything else is 401. What its manual calls <c>/production/…</c> does not exist.
/// </summary>
public sealed class AgentSimulator : ProductSimulator
{
    private readonly TimeProvider _time;
    private (AgentState State, DateTimeOffset Since) _now;

    private AgentSimulator(AgentOptions options)
    {
        (Options, _time) = (options, options.TimeProvider);
        _now = (options.State, _time.GetUtcNow());
        Listener = new(options.Url, new AgentRoutes(this, _time).HandleAsync, ControlAsync, AgentRoutes.Failure);
    }

    public AgentState State
    {
        get => _now.State;
        set => _now = (value, _time.GetUtcNow());
    }

    /// <summary>Events that its webhook took.</summary>
    public int Taken { get; internal set; }

    /// <summary>Messages that strangers had it send through <c>/webhook/test-send</c>, which asks nobody for a token.</summary>
    public int TestSent { get; internal set; }

    internal AgentOptions Options { get; }

    /// <summary>What waits for Meta's API by now.</summary>
    internal int FallbackQueue => _now.State.FallbackQueue + (int)((_time.GetUtcNow() - _now.Since).TotalMinutes * _now.State.FallbackQueuePerMinute);

    public static async Task<AgentSimulator> StartAsync(AgentOptions? options = null)
    {
        var simulator = new AgentSimulator(options ?? new());
        await simulator.Listener.StartAsync();
        return simulator;
    }

    private async Task<Answer?> ControlAsync(string control, HttpContext context) => control switch
    {
        "GET /state" => Answer.Ok(State),
        "POST /state" => await SetAsync(context),
        _ => null,
    };

    private async Task<Answer> SetAsync(HttpContext context)
    {
        State = await ControlHttp.ReadAsync<AgentState>(context);
        return Answer.Ok(State);
    }
}
