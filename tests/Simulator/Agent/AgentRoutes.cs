using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Agent;

/// <summary>
/// WhatsApp Agent's HTTP face: nginx in front, https, the limit per address, then the middleware that lets nothing through without a token but what is listed, and
/// nobody can get a token. Sub-paths of what is listed are open, too.
/// </summary>
internal sealed class AgentRoutes(AgentSimulator agent, TimeProvider time)
{
    private static readonly string[] Published = ["/api/", "/webhook", "/auth/", "/dashboard/", "/health", "/docs", "/openapi.json"];
    private static readonly string[] Open = ["/health", "/docs", "/openapi.json", "/webhook", "/auth/login", "/auth/register", "/metrics"];

    private readonly AgentWebhook _webhook = new(agent, time);
    private readonly RequestLimit _limit = new(time);

    public async Task<Answer> HandleAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "/");
        if (agent.Options.IsBehindNginx && !Published.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal))) return Html(404, "404 Not Found");
        if (!agent.Options.IsBehindNginx && path != "/health" && request.Headers["X-Forwarded-Proto"] != "https")
        {
            context.Response.Headers.Location = $"https://{request.Host}{path}{request.QueryString}";
            return Answer.Text(301, "");
        }

        if (_limit.RefusedFor($"{context.Connection.RemoteIpAddress}") is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return new(429, Json.Bytes(new { error = "Rate limit exceeded", message = "Too many requests", retry_after = seconds }));
        }

        if (!Open.Any(door => path == door || path.StartsWith(door + "/", StringComparison.Ordinal)))
            return new(401, Json.Bytes(new { error = "Authentication failed", message = "Missing or invalid authorization header" }));
        return await RouteAsync(context, path);
    }

    public static Answer Failure(int status) => Answer.Text(status, ReasonPhrases.GetReasonPhrase(status));

    private async Task<Answer> RouteAsync(HttpContext context, string path)
    {
        var now = time.GetUtcNow();
        switch (context.Request.Method, path)
        {
            case ("GET", "/health"): return Answer.Ok(new { status = "healthy", timestamp = AgentBodies.Naive(now), service = "WhatsApp Agent API" });
            case ("HEAD", "/health"):
                context.Response.Headers["X-Health-Status"] = "healthy";
                return Answer.Text(200, "");
            case ("GET", "/health/detailed"):
                var (status, body) = AgentBodies.Detailed(agent.State, now);
                return new(status, Json.Bytes(body));
            case ("GET", "/metrics"): return new(200, Encoding.UTF8.GetBytes(AgentBodies.Metrics(agent.State, agent.Taken)), "text/plain; version=0.0.4; charset=utf-8");
            case ("GET", "/metrics/system"): return Answer.Ok(AgentBodies.SystemMetrics(agent.State, now));
            case ("GET", "/webhook"): return _webhook.Challenge(context.Request.Query);
            case ("POST", "/webhook"): return await _webhook.TakeAsync(context.Request);
            case ("GET", "/webhook/status"): return _webhook.Status();
            case ("POST", "/webhook/test-send"):
                if (AgentWebhook.Missing(context.Request.Query, "phone_number", "message") is { } missing) return missing;
                agent.TestSent++;
                return Answer.Ok(new { status = "sent" });
            case ("GET", "/docs"): return Html(200, "WhatsApp Agent API");
            case ("GET", "/openapi.json"): return Answer.Ok(new { openapi = "3.1.0", info = new { title = "WhatsApp Agent API", version = "1.0.0" } });
            default: return new(404, Json.Bytes(new { detail = "Not Found" }));
        }
    }

    private static Answer Html(int status, string title) => new(status, Encoding.UTF8.GetBytes($"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"), "text/html");
}
