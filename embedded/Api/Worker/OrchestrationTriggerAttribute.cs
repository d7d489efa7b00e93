using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a function an orchestrator: deterministic code that is replayed.</summary>
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    public OrchestrationTriggerAttribute()
    {
    }

    /// <summary>The name it is called by; the function's name when null.</summary>
    public string? Orchestration { get; set; }
}
