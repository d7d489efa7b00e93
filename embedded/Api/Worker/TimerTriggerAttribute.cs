using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>
/// Starts a function by the clock: a six-field NCRONTAB expression in UTC, a TimeSpan ("00:05:00"), or %Setting% naming one of them.
/// </summary>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Run once at every start of the host, whatever the schedule says.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Notice a run missed while no host was up. Schedules shorter than a minute never do.</summary>
    public bool UseMonitor { get; set; } = true;
}
