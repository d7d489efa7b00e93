namespace WhatsOps.Simulator;

/// <summary>The webhook of a seeded instance, named as in the request body of webhook/set.</summary>
public sealed record WebhookSeed
{
    public required string Url { get; init; }

    public bool Enabled { get; init; } = true;

    public bool ByEvents { get; init; }

    public bool Base64 { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>UPPER_SNAKE names; empty subscribes to all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];
}
