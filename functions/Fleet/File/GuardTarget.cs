namespace WhatsOps.Fleet;

/// <summary>An HTTP service whose doors are tried: what must be refused, and what Meta must be let in for .</summary>
public sealed record GuardTarget : WatchTarget
{
    /// <summary>Absolute address without a path, e.g. <c>https://agent.example.com</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Its webhook for Meta; null: it has none.</summary>
    public MetaWebhook? Meta { get; init; }

    /// <summary>Paths that must not answer a stranger, e.g. <c>/webhook-debug-secret</c>.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>
    /// Paths that must refuse a stranger's POST, e.g. <c>/webhook/test-send</c>, which sends a message. They are tried without a body, so only those may be named that
    /// do nothing without one.
    /// </summary>
    public IReadOnlyList<string> RefusedPosts { get; init; } = [];

    /// <summary>True: it is a MinIO, and once a day it is tried whether minioadmin/minioadmin is let in. For stores of one's own only.</summary>
    public bool TryMinioLogin { get; init; }

    /// <summary>A burst that its rate limit must stop; null: it is not tried.</summary>
    public BurstOptions? Burst { get; init; }
}
