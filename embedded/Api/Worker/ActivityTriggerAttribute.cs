using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Makes a function an activity: one unit of work, run at least once.</summary>
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    public ActivityTriggerAttribute()
    {
    }

    /// <summary>The name it is called by; the function's name when null.</summary>
    public string? Activity { get; set; }
}
