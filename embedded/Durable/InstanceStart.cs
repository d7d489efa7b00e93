namespace WhatsOps.Embedded.Durable;

/// <summary>A start within a commit.</summary>
/// <param name="RefusedStatuses">Comma-separated statuses of an ended instance that refuse the start; one that runs always does.</param>
/// <param name="Decided">Told after the commit: the generation that was started, or null when it was refused.</param>
internal sealed record InstanceStart(InstanceRecord Record, string? RefusedStatuses, Action<int?> Decided);
