using WhatsOps.Simulator.Instances;
using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.Http;

/// <summary>Verb and path to route; everything else is "Cannot GET /path", whatever the key.</summary>
internal sealed class Router
{
    private readonly Gateway gateway;
    private readonly Guard guard;
    private readonly Dictionary<string, Func<GatewayRequest, Task<Answer>>> open;
    private readonly Dictionary<string, Func<GatewayRequest, Task<Answer>>> keyed;
    private readonly Dictionary<string, Func<GatewayRequest, Instance, Task<Answer>>> ofInstance;

    public Router(Gateway gateway)
    {
        this.gateway = gateway;
        guard = new Guard(gateway);
        var create = new CreateRoute(gateway);
        var fetch = new FetchRoute(gateway);
        var instances = new InstanceRoutes(gateway);
        var settings = new SettingsRoutes(gateway);
        var webhooks = new WebhookRoutes(gateway);
        var messages = new MessageRoutes(gateway);
        open = new()
        {
            ["GET "] = _ => Task.FromResult(Answer.Ok(Welcome())),
            ["GET /metrics"] = request => Task.FromResult(MetricsRoute.Handle(gateway) ?? Unknown(request))
        };
        keyed = new()
        {
            ["POST /instance/create"] = create.Handle,
            ["GET /instance/fetchinstances"] = request => Task.FromResult(fetch.Handle(request)),
            ["POST /verify-creds"] = _ => Task.FromResult(Answer.Ok(new { status = 200, message = "Credentials are valid" }))
        };
        ofInstance = new()
        {
            ["GET /instance/connectionstate"] = (_, instance) => Task.FromResult(InstanceRoutes.State(instance)),
            ["GET /instance/connect"] = instances.Connect,
            ["DELETE /instance/logout"] = Now(instances.Logout),
            ["DELETE /instance/delete"] = Now(instances.Delete),
            ["POST /webhook/set"] = Now(webhooks.Set),
            ["GET /webhook/find"] = (_, instance) => Task.FromResult(webhooks.Find(instance)),
            ["POST /settings/set"] = Now(settings.Set),
            ["GET /settings/find"] = (_, instance) => Task.FromResult(SettingsRoutes.Find(instance)),
            ["GET /proxy/find"] = (_, _) => Task.FromResult(SettingsRoutes.FindProxy()),
            ["POST /message/sendtext"] = messages.SendText,
            ["POST /chat/findmessages"] = Now(messages.Find),
            [gateway.Options.IsV1 ? "PUT /instance/restart" : "POST /instance/restart"] = Now((request, instance) =>
            {
                var answer = instances.Restart(request, instance);
                return gateway.Options.IsV1 ? InstanceRoutes.State(instance) : answer;
            })
        };
    }

    public async Task<Answer> Handle(GatewayRequest request)
    {
        var key = $"{request.Method} {request.Route}";
        if (request.Segments.Count <= 2)
        {
            if (open.TryGetValue(key, out var free)) return await free(request);
            if (keyed.TryGetValue(key, out var route)) return guard.Check(request, out _) ?? await route(request);
        }
        else if (request.Segments.Count == 3 && ofInstance.TryGetValue(key, out var route))
        {
            return guard.Check(request, out var instance) ?? await route(request, instance!);
        }
        return Unknown(request);
    }

    private static Answer Unknown(GatewayRequest request) => Answer.NotFound($"Cannot {request.Method} {request.Target}");

    private static Func<GatewayRequest, Instance, Task<Answer>> Now(Func<GatewayRequest, Instance, Answer> route) =>
        (request, instance) => Task.FromResult(route(request, instance));

    private object Welcome() => gateway.Options.IsV1
        ? new
        {
            status = 200,
            message = "Welcome to the Evolution API, it is working!",
            version = gateway.Options.Version,
            swagger = gateway.Webhooks.ServerUrl + "/docs",
            manager = gateway.Webhooks.ServerUrl + "/manager",
            documentation = "https://doc.evolution-api.com"
        }
        : new
        {
            status = 200,
            message = "Welcome to the Evolution API, it is working!",
            version = gateway.Options.Version,
            clientName = gateway.Options.ClientName,
            manager = gateway.Webhooks.ServerUrl + "/manager",
            documentation = "https://doc.evolution-api.com",
            whatsappWebVersion = "2.3000.1027934701"
        };
}
