using System.Text.Json.Serialization;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Control;

/// <summary>
/// /__sim/…: the control methods of <see cref="EvolutionSimulator"/> over HTTP.
/// </summary>
internal sealed class ControlRoutes(EvolutionSimulator simulator)
{
    public Task Handle(HttpContext context) => ControlHttp.HandleAsync(context, control => AnswerAsync(control, context));

    private async Task<Answer?> AnswerAsync(string control, HttpContext context)
    {
        var name = Uri.UnescapeDataString(context.Request.Query["instance"].ToString());
        return control switch
        {
            "GET /calls" => Answer.Ok(simulator.Calls),
            "GET /deliveries" => Answer.Ok(simulator.Deliveries),
            "GET /instances" => Answer.Ok(simulator.Instances),
            "GET /status" => Answer.Ok(new
            {
                url = simulator.Url,
                instances = simulator.Instances.Count,
                calls = simulator.Calls.Count,
                pendingDeliveries = simulator.PendingDeliveries,
                ghosts = simulator.Ghosts,
                messagesSent = simulator.MessagesSent
            }),
            "POST /seed" => Done(simulator.Seed, await ControlHttp.ReadAsync<InstanceSeed[]>(context)),
            "POST /scan" => await ControlHttp.DoneAsync(simulator.ScanAsync(name)),
            "POST /kick" => ControlHttp.Done(() => simulator.Kick(name, Number(context, "code", 401))),
            "POST /drop" => ControlHttp.Done(() => simulator.Drop(name)),
            "POST /lie" => ControlHttp.Done(() => simulator.Lie(name, context.Request.Query["status"].ToString())),
            "POST /zombie" => ControlHttp.Done(() => simulator.SetZombie(name, context.Request.Query["on"] != "false")),
            "POST /loaded" => ControlHttp.Done(() => simulator.SetLoaded(name, context.Request.Query["on"] != "false")),
            "POST /whatsapp" => ControlHttp.Done(() => Reach(Enum.Parse<WhatsAppReachability>(context.Request.Query["reachability"].ToString(), true), name)),
            "POST /restart" => await ControlHttp.DoneAsync(simulator.RestartAsync(TimeSpan.FromMilliseconds(Number(context, "downMs", 0)))),
            "POST /key" => Done(key => simulator.ApiKey = key.ApiKey, await ControlHttp.ReadAsync<NewKey>(context)),
            "POST /faults" => Answer.Created(new { id = simulator.SetFault(await ControlHttp.ReadAsync<Fault>(context)) }),
            "DELETE /faults" => ControlHttp.Done(() => simulator.ClearFaults(context.Request.Query["id"].FirstOrDefault())),
            "POST /receive" => ControlHttp.Done(() => simulator.Receive(name)),
            "POST /traffic" => ControlHttp.Done(() => Traffic(context)),
            _ => null
        };
    }

    private void Reach(WhatsAppReachability reachability, string name)
    {
        if (name.Length > 0) simulator.SetWhatsAppReachable(reachability, name);
        else simulator.SetWhatsAppReachable(reachability);
    }

    private void Traffic(HttpContext context)
    {
        var rate = double.Parse(context.Request.Query["perInstancePerSecond"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
        if (rate > 0) simulator.StartTraffic(rate);
        else simulator.StopTraffic();
    }

    private static int Number(HttpContext context, string name, int otherwise) =>
        context.Request.Query[name].FirstOrDefault() is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    private static Answer Done<T>(Action<T> act, T with) => ControlHttp.Done(() => act(with));

    private sealed record NewKey([property: JsonRequired] string ApiKey);
}
