using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.Instances;

/// <summary>POST /instance/create.</summary>
internal sealed partial class CreateRoute(Gateway gateway)
{
    private const int LongestName = 255;
    private static readonly TimeSpan QrWait = TimeSpan.FromSeconds(5);
    private static readonly HashSet<string> Integrations = ["WHATSAPP-BAILEYS", "WHATSAPP-BUSINESS", "EVOLUTION"];

    private readonly ConcurrentDictionary<string, Task<Instance?>> underWay = new(StringComparer.Ordinal);

    /// <summary>The guard of create: a name in use is 403, before any key is looked at.</summary>
    public static Answer? NameRefusal(Gateway gateway, GatewayRequest request)
    {
        var name = request.Body.Member("instanceName");
        if (name is null or { ValueKind: JsonValueKind.Null })
            // The database is asked for rows whose name is undefined, and that is all of them.
            return gateway.Instances.Any ? Answer.NameInUse("undefined") : null;
        if (name.Value.ValueKind != JsonValueKind.String)
            return Answer.Failed(new[] { $"PrismaClientValidationError: Argument `name`: Invalid value provided: {name.Value.GetRawText()}." });
        var text = name.Value.GetString()!;
        return gateway.Instances.Find(text) is null ? null : Answer.NameInUse(text);
    }

    public async Task<Answer> Handle(GatewayRequest request)
    {
        var body = request.Body;
        if (body.Text("number") is { } number && !NumberPattern().IsMatch(number))
            return Answer.Invalid("""number does not match pattern "^\\d+[\\.@\\w-]+" """.Trim());
        if (body.Text("integration") is not { } integration || !Integrations.Contains(integration))
            return gateway.Options.IsV1 ? await Create(request, "WHATSAPP-BAILEYS") : Answer.BadRequest("Invalid integration");
        return await Create(request, integration);
    }

    private async Task<Answer> Create(GatewayRequest request, string integration)
    {
        var body = request.Body;
        var name = body.Text("instanceName") ?? "";
        if (name.Length > LongestName)
            return Answer.BadRequest("\nInvalid `this.prismaRepository.setting.upsert()` invocation: Foreign key constraint violated");
        if (WebhookBody.Problem(body, gateway.Options.IsV1) is { } problem) return Answer.BadRequest(problem);
        if (!request.Act()) return Answer.Created(Body(New(body, name, integration), body, null));

        var mine = new TaskCompletionSource<Instance?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!underWay.TryAdd(name, mine.Task)) return await Lose(name);
        Instance instance;
        try
        {
            await gateway.Clock.DelayReal(gateway.Options.CreateTime, CancellationToken.None);
            instance = New(body, name, integration);
            if (!gateway.Instances.TryAdd(instance)) return Answer.NameInUse(name);
            mine.SetResult(instance);
        }
        finally
        {
            mine.TrySetResult(null);
            underWay.TryRemove(name, out _);
        }
        _ = gateway.Webhooks.Emit(instance, "instance.create", new { instanceName = name, instanceId = instance.Id });
        if (body.Flag("qrcode") != true) return Answer.Created(Body(instance, body, null));
        gateway.Connections.Start(instance);
        await gateway.Clock.Delay(QrWait, CancellationToken.None);
        return Answer.Created(Body(instance, body, QrCode.Answer(instance.Qr)));
    }

    // Two creates of one name at once: the second fails at a foreign key, and its clean-up by name removes the first one's rows, too.
    private async Task<Answer> Lose(string name)
    {
        if (underWay.TryGetValue(name, out var first) && await first is { } winner)
        {
            await gateway.Clock.DelayReal(gateway.Options.CreateTime, CancellationToken.None);
            gateway.Remover.RemoveNow(winner);
        }
        return Answer.BadRequest("\nInvalid `this.prisma.webhook.upsert()` invocation: Foreign key constraint violated");
    }

    private Instance New(JsonElement body, string name, string integration)
    {
        var at = gateway.Clock.Now;
        var token = body.Text("token") is { Length: > 0 } given ? given : gateway.Random.Token();
        var instance = new Instance(name, gateway.Random.Uuid(), token, at)
        {
            Integration = integration,
            Number = body.Text("number"),
            SettingsId = gateway.Random.Cuid(),
            Settings = new InstanceSettings(
                body.Flag("rejectCall") ?? false, body.Text("msgCall") ?? "", body.Flag("groupsIgnore") ?? false,
                body.Flag("alwaysOnline") ?? false, body.Flag("readMessages") ?? false, body.Flag("readStatus") ?? false,
                body.Flag("syncFullHistory") ?? false, body.Text("wavoipToken") ?? "")
        };
        instance.Webhook = WebhookBody.AtCreate(body, instance, gateway);
        return instance;
    }

    private JsonNode Body(Instance instance, JsonElement request, JsonObject? qrcode)
    {
        if (gateway.Options.IsV1) return V1.V1Shapes.Created(instance, request, qrcode);
        var created = new JsonObject
        {
            ["instance"] = new JsonObject
            {
                ["instanceName"] = instance.Name,
                ["instanceId"] = instance.Id,
                ["integration"] = instance.Integration,
                ["webhookWaBusiness"] = null,
                ["accessTokenWaBusiness"] = "",
                ["status"] = instance.State
            },
            ["hash"] = instance.Token,
            ["webhook"] = WebhookBody.Echo(request),
            ["websocket"] = new JsonObject(),
            ["rabbitmq"] = new JsonObject(),
            ["nats"] = new JsonObject(),
            ["sqs"] = new JsonObject(),
            ["settings"] = JsonSerializer.SerializeToNode(instance.Settings, Json.Options)
        };
        if (qrcode is not null) created["qrcode"] = qrcode;
        return created;
    }

    [GeneratedRegex(@"^\d+[\.@\w-]+")]
    private static partial Regex NumberPattern();
}
