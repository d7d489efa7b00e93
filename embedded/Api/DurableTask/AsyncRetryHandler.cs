namespace Microsoft.DurableTask;

/// <summary>Decides after a failed attempt whether to try again. Runs inside the orchestrator: it must be deterministic.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
