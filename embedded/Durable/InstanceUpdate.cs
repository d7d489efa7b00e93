using Microsoft.DurableTask.Client;

namespace WhatsOps.Embedded.Durable;

/// <summary>The changeable columns of an instance, whole, so that the last update within a commit is enough.</summary>
internal sealed record InstanceUpdate(
    string InstanceId,
    int Generation,
    OrchestrationRuntimeStatus Status,
    bool SetsInput,
    string? Input,
    string? Output,
    string? Failure,
    string? CustomStatus,
    DateTime StartedAt,
    DateTime UpdatedAt)
{
    /// <summary>Followed by a later update of the same instance.</summary>
    public InstanceUpdate Then(InstanceUpdate later) =>
        SetsInput && !later.SetsInput ? later with { SetsInput = true, Input = Input } : later;
}
