namespace WhatsOps.Embedded.Durable;

/// <summary>Settings of the engine.</summary>
internal sealed record DurableEngineOptions
{
    /// <summary>The operations database; the engine lives in its schema <c>durable</c>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>How long a silent owner keeps the database; it renews three times as often.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>host.json: extensions.durableTask.maxConcurrentActivityFunctions; ten per core as on Azure.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How often commands, the lease and waiters are looked after when no notification came.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a graceful stop waits for running activities before it cancels them.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who holds the lease; unique per process unless a test restarts "the same" process.</summary>
    public string? OwnerId { get; init; }
}
