namespace WhatsOps.Simulator.Agent;

/// <summary>How a simulated WhatsApp Agent is; a new one is well. Statuses are <c>healthy</c>, <c>degraded</c>, <c>unhealthy</c>.</summary>
public sealed record AgentState
{
    public string Database { get; init; } = "healthy";

    /// <summary>Of its own look at its database: degraded from 5 on.</summary>
    public double DatabaseSeconds { get; init; } = 0.012;

    /// <summary>False: Meta does not accept its token.</summary>
    public bool IsTokenValid { get; init; } = true;

    public string OpenAi { get; init; } = "healthy";

    public string CircuitBreakers { get; init; } = "healthy";

    /// <summary>BYPASS_WEBHOOK_VALIDATION.</summary>
    public bool IsSignatureBypassed { get; init; }

    /// <summary><c>active</c> or <c>error</c>.</summary>
    public string Webhook { get; init; } = "active";

    /// <summary><c>available</c>, <c>rate_limited</c>, <c>unavailable</c>, <c>degraded</c>.</summary>
    public string MetaApi { get; init; } = "available";

    public int RequestsRemaining { get; init; } = 200;

    /// <summary>Messages that wait for Meta's API when this state begins.</summary>
    public int FallbackQueue { get; init; }

    /// <summary>How many more wait after each minute.</summary>
    public double FallbackQueuePerMinute { get; init; }

    /// <summary>Requests of its users until now that ended well, and in an error of the server: its metrics count them.</summary>
    public int Requests { get; init; } = 1200;

    public int FailedRequests { get; init; }
}
