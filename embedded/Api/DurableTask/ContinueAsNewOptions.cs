namespace Microsoft.DurableTask;

/// <summary>How an orchestration starts over with a fresh history.</summary>
public class ContinueAsNewOptions
{
    public object? NewInput { get; set; }

    /// <summary>Whether events that were received but not yet consumed reach the next run.</summary>
    public bool PreserveUnprocessedEvents { get; set; } = true;
}
