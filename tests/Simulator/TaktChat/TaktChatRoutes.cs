using System.Globalization;
using System.Text.Json;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.TaktChat;

/// <summary>TaktChat's HTTP face: accounts, companies, connections, and its words for what it refuses.</summary>
internal sealed class TaktChatRoutes(TaktChatSimulator simulator)
{
    public async Task<Answer> HandleAsync(HttpContext context)
    {
        var (status, body) = await AnswerAsync(context.Request);
        return new(status, Json.Bytes(body), "application/json");
    }

    public static Answer Failure(int status) => new(status, Json.Bytes(new { error = "Internal server error" }), "application/json");

    private async Task<(int Status, object Body)> AnswerAsync(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        switch ($"{request.Method} {path}")
        {
            case "GET /health":
                // 200 whatever is wrong.
                return (200, new
                {
                    status = simulator.IsDatabaseAway ? "degraded" : "ok", api = new { status = "ok" },
                    database = new { status = simulator.IsDatabaseAway ? "error" : "ok", error = simulator.IsDatabaseAway ? "connect ECONNREFUSED" : null }, timestamp = Json.Iso(TimeProvider.System.GetUtcNow()),
                });
            case "GET /version":
                return simulator.IsDatabaseAway
                    ? (503, new { error = "DB_UNAVAILABLE", message = "connect ECONNREFUSED", details = "" })
                    : (200, new { version = "N/A", backend = new { version = "2.4.1", versionLabel = "v2.4.1", commit = "a4d46aef00", commitShort = "a4d46a", buildDate = "2026-01-02T03:04:05.000Z" } });
        }

        if (simulator.IsDatabaseAway) return (503, new { error = "Database unavailable", code = "DB_CONNECTION_ERROR" });
        if (path == "/auth/login" && request.Method == "POST") return await LogInAsync(request);
        if (!request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal)) return Fail(401, "ERR_SESSION_EXPIRED");
        if (simulator.UserOf(request.Headers.Authorization.ToString()["Bearer ".Length..]) is not { } user)
            return simulator.HasNewSecret ? Fail(403, "Invalid token. We'll try to assign a new one on next request") : Fail(401, "ERR_SESSION_EXPIRED");
        user.Calls++;
        return await RouteAsync(request.Method, path.Split('/', StringSplitOptions.RemoveEmptyEntries), user) ?? Fail(404, $"Cannot {request.Method} {path}");
    }

    private async Task<(int, object)?> RouteAsync(string method, string[] parts, TaktChatUser user)
    {
        switch (method, parts)
        {
            case ("GET", ["whatsapp"]): return (200, simulator.Lines.Where(line => line.Company == user.Company).Select(Row).ToArray());
            case ("GET", ["whatsapp", "all"]): return (200, simulator.Lines.Select(Row).ToArray());
            case ("POST", ["whatsapp-restart"]):
                if (!user.IsAdmin) return Fail(403, "ERR_NO_PERMISSION");
                foreach (var line in simulator.Lines.Where(line => line.Company == user.Company)) await simulator.StartAsync(line, anew: true);
                return (200, new { message = "Whatsapp restart." });
        }

        if (parts is not ["whatsapp" or "whatsappsession", var number] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        if (simulator.Lines.FirstOrDefault(line => line.Id == id && line.Company == user.Company) is not { } own) return Fail(401, "ERR_ACCESS_ANOTHER_COMPANY");
        switch (method, parts[0])
        {
            case ("GET", "whatsapp"): return (200, Row(own));
            case ("POST", "whatsappsession"):
                if (own is { IsInMemory: true, Status: "CONNECTED" }) return (200, new { message = "Session is already active." });
                if (own is { IsInMemory: true, Status: "OPENING" }) return (200, new { message = "Session is already starting." });
                await simulator.StartAsync(own);
                return (200, new { message = "Starting session." });
            case ("PUT", "whatsappsession"):
                own.HasKeys = false;
                await simulator.StartAsync(own, anew: true);
                return (200, new { message = "Starting session." });
            case ("DELETE", "whatsappsession"):
                var was = own.IsInMemory;
                own.HasKeys = false;
                if (!was) return Fail(400, "ERR_WAPP_NOT_INITIALIZED");
                await simulator.EndAsync(own, "DISCONNECTED");
                return (200, new { message = "Session disconnected." });
            default: return null;
        }
    }

    private async Task<(int, object)> LogInAsync(HttpRequest request)
    {
        using var json = await JsonDocument.ParseAsync(request.Body);
        var (email, password) = (json.RootElement.GetProperty("email").GetString(), json.RootElement.GetProperty("password").GetString());
        if (simulator.Users.FirstOrDefault(user => user.Email == email && user.Password == password) is not { } user) return Fail(401, "ERR_INVALID_CREDENTIALS");
        if (user.Refusal is { } refusal) return Fail(refusal.Status, refusal.Error);
        return (200, new { token = simulator.LogIn(user), user = new { id = 1, email, companyId = user.Company, profile = user.IsAdmin ? "admin" : "user" } });
    }

    // The whole row, as TaktChat gives it to anybody with an account: with what opens the connection's own API.
    private static object Row(TaktChatLine line) => new
    {
        id = line.Id, name = $"Line {line.Id}", companyId = line.Company, status = line.Status, qrcode = line.Code ?? "", channel = line.Channel, channelType = line.ChannelType, token = line.Token,
        wabaAccessToken = $"EAA{line.Token}", greetingMessage = "Oi", number = "5511999990000", updatedAt = line.UpdatedAt.ToString("O", CultureInfo.InvariantCulture), queues = Array.Empty<object>(),
    };

    private static (int, object) Fail(int status, string error) => (status, new { error });
}
