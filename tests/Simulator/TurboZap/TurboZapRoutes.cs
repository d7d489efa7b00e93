using System.Text.Json;
using System.Text.RegularExpressions;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.TurboZap;

/// <summary>TurboZap's HTTP face: envelopes, keys, and the faults of its handlers.</summary>
internal sealed partial class TurboZapRoutes(TurboZapSimulator simulator)
{
    public async Task<Answer> HandleAsync(HttpContext context)
    {
        var (status, body) = await AnswerAsync(context.Request);
        return new(status, Json.Bytes(body), "application/json");
    }

    public static Answer Failure(int status)
    {
        var (_, body) = Fail(status, "simulated fault");
        return new(status, Json.Bytes(body), "application/json");
    }

    private async Task<(int Status, object Body)> AnswerAsync(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch ($"{request.Method} {path}")
        {
            case "GET /": return (200, new { name = "TurboZap API", version = "1.0.0", description = "WhatsApp API", docs = "/docs" });
            case "GET /health": return (200, new { status = "ok", service = "TurboZap API" });
        }

        if (parts is not ["api", "instance" or "message" or "webhook" or "stats", _, ..]) return Fail(404, $"Cannot {request.Method} {path}");
        if (KeyOf(request) is not { Length: > 0 } key) return Fail(401, "API key is required");
        var isGlobal = key == simulator.ApiKey;
        var own = simulator.Devices.FirstOrDefault(device => device.ApiKey == key);
        if (!isGlobal && own is null) return Fail(401, "Invalid API key");
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        using var json = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
        var body = json.RootElement.Clone();
        var answer = await RouteAsync(request.Method, parts[1..], body) ?? Fail(404, $"Cannot {request.Method} {path}");
        // Its helper for 403 writes the status and stops nobody: what was asked is done, and the body says so.
        var isSomebodyElses = !isGlobal && parts.Length > 2 && parts[2] is not ("create" or "list") && parts[2] != own!.Name;
        return isSomebodyElses && answer.Status == 200 ? (403, answer.Body) : answer;
    }

    private async Task<(int Status, object Body)?> RouteAsync(string method, string[] parts, JsonElement body)
    {
        switch (parts)
        {
            case ["stats", "messages"] when method == "GET": return Done(new { today = 0, total = 0 });
            case ["instance", "list"] when method == "GET":
                return Done(new { instances = simulator.Devices.Select(Listed).ToArray(), total = simulator.Devices.Count });
            case ["instance", "create"] when method == "POST": return Create(body);
            case ["message", var to, "text"] when method == "POST": return await SendAsync(to, body);
        }

        if (parts.Length < 2 || parts[0] is not ("instance" or "webhook")) return null;
        if (simulator.Devices.FirstOrDefault(device => device.Name == parts[1]) is not { } instance) return Fail(404, "Instance not found");
        switch (method, parts)
        {
            case ("GET", ["instance", _]): return Done(Listed(instance));
            case ("GET", ["instance", _, "status"]): return Done(new { name = instance.Name, status = instance.ApiStatus });
            case ("POST", ["instance", _, "connect"]):
                await simulator.ConnectAsync(instance);
                return Done(new { name = instance.Name, status = "connecting", message = "Connection started" });
            case ("GET", ["instance", _, "qrcode"]):
                await simulator.ConnectAsync(instance);
                return Done(instance.IsPaired
                    ? new { name = instance.Name, status = "connected", qr_code = (string?)null, code = (string?)null }
                    : new { name = instance.Name, status = instance.Code is null ? "pending" : "qrcode", qr_code = instance.Code is null ? null : "data:image/png;base64,AAAA", code = instance.Code });
            case ("PUT", ["instance", _, "restart"]):
                if (!instance.IsInMemory) return Fail(500, "client not found");
                await simulator.RestartAsync(instance);
                return Done(new { name = instance.Name, status = "restarting", message = "Instance is restarting" });
            case ("POST", ["instance", _, "logout"]):
                if (!instance.FailsToLogOut) await simulator.UnpairAsync(instance, "disconnected");
                return Done(new { name = instance.Name, status = "disconnected", message = "Instance logged out" });
            case ("DELETE", ["instance", _]):
                await simulator.RemoveAsync(instance);
                return Done(new { name = instance.Name, message = "Instance deleted" });
            case ("GET", ["webhook", _]):
                return Done(instance.Webhook is { } hook ? new { configured = true, webhook = Shown(hook) } : new { configured = false, message = "No webhook configured" });
            case ("POST", ["webhook", _, "set"]): return SetWebhook(instance, body);
            default: return null;
        }
    }

    private (int Status, object Body) Create(JsonElement body)
    {
        var name = Text(body, "name") ?? "";
        if (!Name().IsMatch(name)) return Fail(400, "Invalid instance name");
        if (simulator.Devices.Any(device => device.Name == name)) return Fail(409, "Instance with this name already exists");
        var made = simulator.Add(name);
        return (201, new { success = true, data = new { id = made.Id, name, api_key = made.ApiKey, status = made.Status } });
    }

    private async Task<(int Status, object Body)> SendAsync(string name, JsonElement body)
    {
        // Its handler looks for a client, does not stop where there is none, and uses it.
        if (simulator.Devices.FirstOrDefault(device => device.Name == name) is not { IsInMemory: true, Status: "connected" } instance)
            return Fail(500, "runtime error: invalid memory address or nil pointer dereference");
        if (Text(body, "to") is not { Length: > 0 } to || Text(body, "text") is not { Length: > 0 } text) return Fail(400, "to and text are required");
        var id = $"3EB0{Guid.NewGuid():N}"[..20].ToUpperInvariant();
        await simulator.Webhooks.SendAsync(instance, "send.message", new { message_id = id, from = instance.Number, to, fromMe = true, type = "text", content = text, status = "sent" });
        return Done(new { id = Guid.NewGuid(), message_id = id, status = "sent" });
    }

    private static (int Status, object Body) SetWebhook(TurboZapDevice instance, JsonElement body)
    {
        if (Text(body, "url") is not { } url || !url.StartsWith("http", StringComparison.Ordinal)) return Fail(400, "Invalid webhook URL");
        instance.Webhook = new(
            url, body.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Array ? [.. events.EnumerateArray().Select(item => item.GetString()!)] : [],
            body.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object
                ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!) : new Dictionary<string, string>(),
            !body.TryGetProperty("enabled", out var enabled) || enabled.GetBoolean(), Flag(body, "webhook_by_events"), Flag(body, "webhook_base64"));
        return Done(Shown(instance.Webhook));
    }

    private static object Listed(TurboZapDevice device) => device.IsPaired
        ? new { id = device.Id, name = device.Name, status = device.ApiStatus, phone_number = device.Number }
        : new { id = device.Id, name = device.Name, status = device.Status == "qrcode" ? "connecting" : "disconnected" };

    private static object Shown(TurboZapHook hook) =>
        new { url = hook.Url, events = hook.Events, headers = hook.Headers, enabled = hook.Enabled, webhook_by_events = hook.ByEvents, webhook_base64 = hook.Base64 };

    private static string? KeyOf(HttpRequest request) => request.Headers["X-API-Key"].ToString() is { Length: > 0 } key ? key
        : request.Headers.Authorization.ToString() is { } bearer && bearer.StartsWith("Bearer ", StringComparison.Ordinal) ? bearer["Bearer ".Length..] : null;

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static (int Status, object Body) Done(object data) => (200, new { success = true, data });

    private static (int Status, object Body) Fail(int status, string message) => (status, new { success = false, error = new { message } });

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,100}$")]
    private static partial Regex Name();
}
