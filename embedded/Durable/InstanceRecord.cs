using Microsoft.DurableTask.Client;

namespace WhatsOps.Embedded.Durable;

/// <summary>An instance as it is started or found in the store.</summary>
/// <param name="Generation">Counts the runs under this id: each restart and each ContinueAsNew.</param>
/// <param name="StartedAt">The first clock of the run; in the future for a delayed start.</param>
internal sealed record InstanceRecord(
    string InstanceId,
    int Generation,
    string Name,
    string Version,
    OrchestrationRuntimeStatus Status,
    string? Input,
    string? CustomStatus,
    string? Tags,
    ParentLink? Parent,
    DateTime CreatedAt,
    DateTime StartedAt);
