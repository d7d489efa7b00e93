namespace WhatsOps.Events;

/// <summary>What a replay takes.</summary>
/// <param name="Events">Delivered again, or to be.</param>
/// <param name="WithoutBody">Asked for, but their bodies are gone.</param>
public sealed record ReplayCount(long Events, long WithoutBody);
