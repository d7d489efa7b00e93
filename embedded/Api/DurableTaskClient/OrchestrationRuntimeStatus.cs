namespace Microsoft.DurableTask.Client;

/// <summary>The states of an orchestration; the numbers are the official ones, with the obsolete 2 and 4 left out.</summary>
public enum OrchestrationRuntimeStatus
{
    Running = 0,
    Completed = 1,
    Failed = 3,
    Terminated = 5,
    Pending = 6,
    Suspended = 7,
}
