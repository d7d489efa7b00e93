using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Agent;

/// <summary>Its door for Meta: the challenge to whoever knows the verify token, and events that the app's secret has signed.</summary>
internal sealed class AgentWebhook(AgentSimulator agent, TimeProvider time)
{
    private bool ChecksSignatures => agent.Options.AppSecret is not null && !agent.State.IsSignatureBypassed;

    /// <summary>The challenge comes back as a JSON number.</summary>
    public Answer Challenge(IQueryCollection query)
    {
        if (Missing(query, "hub.mode", "hub.verify_token", "hub.challenge") is { } missing) return missing;
        if (!long.TryParse(query["hub.challenge"].ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var challenge))
            return Unprocessable(["hub.challenge"], "int_parsing", "Input should be a valid integer, unable to parse string as an integer");
        return query["hub.mode"] == "subscribe" && query["hub.verify_token"] == agent.Options.VerifyToken ? Answer.Ok(challenge) : Detail(403, "Erro de verificação");
    }

    /// <summary>FastAPI's answer to a query without parameters that are needed; null: all are there.</summary>
    public static Answer? Missing(IQueryCollection query, params string[] needed) =>
        needed.Where(name => !query.ContainsKey(name)).ToArray() is { Length: > 0 } missing ? Unprocessable(missing, "missing", "Field required") : null;

    /// <summary>Without a secret, or with the bypass, whatever comes is taken.</summary>
    public async Task<Answer> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (ChecksSignatures && !(IsJson(request) && IsSigned(request, body.ToArray()))) return Detail(403, "Webhook inválido");
        try
        {
            using var json = JsonDocument.Parse(body.ToArray());
        }
        catch (JsonException)
        {
            return Detail(400, "JSON inválido");
        }

        agent.Taken++;
        return Answer.Ok(new { status = "ok" });
    }

    /// <summary>Public, as the whole of <c>/webhook</c>.</summary>
    public Answer Status() => Answer.Ok(new
    {
        webhook_status = agent.State.Webhook,
        meta_api = new { status = agent.State.MetaApi, requests_remaining = agent.State.RequestsRemaining, rate_limit_reset = (string?)null, fallback_queue_size = agent.FallbackQueue },
        security = new { signature_validation = ChecksSignatures ? "enabled" : "disabled", user_agent_validation = "warn" },
        timestamp = AgentBodies.Naive(time.GetUtcNow()),
    });

    private static bool IsJson(HttpRequest request) => request.ContentType?.Contains("application/json", StringComparison.OrdinalIgnoreCase) == true;

    // Meta's prefix may be missing.
    private bool IsSigned(HttpRequest request, byte[] body)
    {
        var given = request.Headers["X-Hub-Signature-256"].ToString();
        var hex = given.StartsWith("sha256=", StringComparison.Ordinal) ? given["sha256=".Length..] : given;
        return hex == Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(agent.Options.AppSecret!), body));
    }

    private static Answer Unprocessable(IEnumerable<string> names, string type, string message) =>
        new(422, Json.Bytes(new { detail = names.Select(name => new { type, loc = new[] { "query", name }, msg = message }) }));

    private static Answer Detail(int status, string detail) => new(status, Json.Bytes(new { detail }));
}
