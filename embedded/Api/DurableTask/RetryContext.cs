namespace Microsoft.DurableTask;

/// <summary>What a retry handler knows: the attempts so far, counted from 1, and the failure of the last one.</summary>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
