using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace WhatsOps.Simulator.Agent;

/// <summary>What WhatsApp Agent says of itself.</summary>
internal static class AgentBodies
{
    /// <summary><c>/health/detailed</c>: 503 when any of its looks is unhealthy. Redis is not among them.</summary>
    public static (int Status, object Body) Detailed(AgentState state, DateTimeOffset now)
    {
        var checks = Checks(state, now);
        var overall = Worst(checks.Values.Select(check => check.Status));
        return (overall == "unhealthy" ? 503 : 200, new { overall_status = overall, checks, timestamp = Naive(now) });
    }

    /// <summary><c>/metrics/system</c>; its uptime is the present moment.</summary>
    public static object SystemMetrics(AgentState state, DateTimeOffset now)
    {
        var checks = Checks(state, now);
        return new
        {
            system = new { uptime = now.ToUnixTimeMilliseconds() / 1000.0, service = "whatsapp-agent", version = "1.0.0" },
            health_checks = checks.ToDictionary(check => check.Key, check => new { status = check.Value.Status, response_time = check.Value.ResponseTime, last_check = Naive(now) }),
            circuit_breakers = new { whatsapp_api = new { state = state.CircuitBreakers == "healthy" ? "closed" : "open" } },
        };
    }

    /// <summary><c>/metrics</c>, as Prometheus scrapes it.</summary>
    public static string Metrics(AgentState state, int taken) => new StringBuilder()
        .Append("# HELP http_requests_total Total HTTP requests\n# TYPE http_requests_total counter\n")
        .Append(CultureInfo.InvariantCulture, $"http_requests_total{{method=\"POST\",endpoint=\"/webhook\",status=\"200\"}} {state.Requests}.0\n")
        .Append(CultureInfo.InvariantCulture, $"http_requests_total{{method=\"POST\",endpoint=\"/webhook\",status=\"500\"}} {state.FailedRequests}.0\n")
        .Append("# HELP webhook_messages_processed_total Webhook messages\n# TYPE webhook_messages_processed_total counter\n")
        .Append(CultureInfo.InvariantCulture, $"webhook_messages_processed_total{{status=\"success\"}} {taken}.0\n")
        .Append("# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 1.84549376e+08\n")
        .Append("whatsapp_agent_info{version=\"1.0.0\",environment=\"production\",service=\"whatsapp-agent\"} 1.0\n")
        .ToString();

    /// <summary>Local time without a zone, as Python's isoformat writes it.</summary>
    public static string Naive(DateTimeOffset at) => at.LocalDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static Dictionary<string, Check> Checks(AgentState state, DateTimeOffset now)
    {
        var database = Worst([state.Database, state.DatabaseSeconds > 5 ? "degraded" : "healthy"]);
        return new()
        {
            ["database"] = new(database, "Database connection", Naive(now), state.DatabaseSeconds, new { }),
            ["whatsapp_api"] = new(state.IsTokenValid ? "healthy" : "unhealthy", "WhatsApp API", Naive(now), 0.21, new { token_valid = state.IsTokenValid }),
            ["openai_api"] = new(state.OpenAi, "OpenAI API", Naive(now), 0.34, new { }),
            ["circuit_breakers"] = new(state.CircuitBreakers, "Circuit breakers", Naive(now), 0.0001, new { }),
        };
    }

    private static string Worst(IEnumerable<string> statuses)
    {
        var all = statuses.ToHashSet();
        return all.Contains("unhealthy") ? "unhealthy" : all.Contains("degraded") ? "degraded" : "healthy";
    }

    private sealed record Check(string Status, string Message, string Timestamp, [property: JsonPropertyName("response_time")] double ResponseTime, object Details);
}
