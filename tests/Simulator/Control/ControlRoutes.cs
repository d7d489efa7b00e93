using System.Text.Json;
using System.Text.Json.Serialization;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Control;

/// <summary>
/// /__sim/…: the control methods of <see cref="EvolutionSimulator"/> over HTTP. Loopback only, therefore without a key; never logged as calls.
/// </summary>
internal sealed class ControlRoutes(EvolutionSimulator simulator)
{
    public async Task Handle(HttpContext context)
    {
        var name = Uri.UnescapeDataString(context.Request.Query["instance"].ToString());
        try
        {
            var answer = $"{context.Request.Method} {context.Request.Path.Value!["/__sim".Length..]}" switch
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
                "POST /seed" => Done(simulator.Seed, await Read<InstanceSeed[]>(context)),
                "POST /scan" => await Done(simulator.ScanAsync(name)),
                "POST /kick" => Done(() => simulator.Kick(name, Number(context, "code", 401))),
                "POST /drop" => Done(() => simulator.Drop(name)),
                "POST /lie" => Done(() => simulator.Lie(name, context.Request.Query["status"].ToString())),
                "POST /zombie" => Done(() => simulator.SetZombie(name, context.Request.Query["on"] != "false")),
                "POST /loaded" => Done(() => simulator.SetLoaded(name, context.Request.Query["on"] != "false")),
                "POST /whatsapp" => Done(() => Reach(Enum.Parse<WhatsAppReachability>(context.Request.Query["reachability"].ToString(), true), name)),
                "POST /restart" => await Done(simulator.RestartAsync(TimeSpan.FromMilliseconds(Number(context, "downMs", 0)))),
                "POST /key" => Done(key => simulator.ApiKey = key.ApiKey, await Read<NewKey>(context)),
                "POST /faults" => Answer.Created(new { id = simulator.SetFault(await Read<Fault>(context)) }),
                "DELETE /faults" => Done(() => simulator.ClearFaults(context.Request.Query["id"].FirstOrDefault())),
                "POST /receive" => Done(() => simulator.Receive(name)),
                "POST /traffic" => Done(() => Traffic(context)),
                _ => Answer.NotFound($"No control {context.Request.Method} {context.Request.Path}")
            };
            await Send(context, answer);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or JsonException or FormatException)
        {
            await Send(context, Answer.BadRequest(error.Message));
        }
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

    private static async Task<T> Read<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json.Options, context.RequestAborted) ?? throw new JsonException("null");

    private static Answer Done(Action act)
    {
        act();
        return Answer.Ok(new { done = true });
    }

    private static Answer Done<T>(Action<T> act, T with) => Done(() => act(with));

    private static async Task<Answer> Done(Task act)
    {
        await act;
        return Answer.Ok(new { done = true });
    }

    private static async Task Send(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private sealed record NewKey([property: JsonRequired] string ApiKey);
}
