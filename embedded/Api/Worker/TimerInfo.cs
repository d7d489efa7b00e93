namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told about its own schedule.</summary>
public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True when this run makes up for one that was missed.</summary>
    public bool IsPastDue { get; set; }
}
