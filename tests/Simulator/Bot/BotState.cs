namespace WhatsOps.Simulator.Bot;

/// <summary>How a simulated bot is when the state begins; a new one is well. Totals are those since its start.</summary>
public sealed record BotState
{
    /// <summary><c>healthy</c>, whatever Redis is like, or another word.</summary>
    public string Status { get; init; } = "healthy";

    public bool IsRedisConnected { get; init; } = true;

    /// <summary>Its uptime grows from here.</summary>
    public TimeSpan Uptime { get; init; } = TimeSpan.FromHours(9);

    /// <summary>In MB: of Node's heap, of which 80 to 90 percent are usual.</summary>
    public double MemoryUsed { get; init; } = 118;

    public double MemoryTotal { get; init; } = 256;

    public long Messages { get; init; } = 4200;

    public double MessagesPerMinute { get; init; } = 8;

    public long Errors { get; init; } = 3;

    public double ErrorsPerMinute { get; init; }

    public int ActiveUsers { get; init; } = 14;
}
