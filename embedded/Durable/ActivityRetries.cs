using Microsoft.DurableTask;

namespace WhatsOps.Embedded.Durable;

/// <summary>Attempts at an activity or a sub-orchestration, with the pauses and the verdicts that its options ask for. All of it is durable: timers of the orchestrator, by its clock.</summary>
internal static class ActivityRetries
{
    /// <summary>The type of a failure that another attempt cannot cure.</summary>
    public const string ActivityNotFound = "ActivityTaskNotFound";

    public static async Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<T>> attempt)
    {
        if (retry is null) return await attempt();
        var started = context.CurrentUtcDateTime;
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failure) when (failure.FailureDetails.ErrorType != ActivityNotFound)
            {
                var elapsed = context.CurrentUtcDateTime - started;
                if (retry.Handler is { } handler)
                {
                    if (!await handler(new RetryContext(context, number, failure.FailureDetails, elapsed, CancellationToken.None))) throw;
                }
                else if (PauseAfter(retry.Policy!, number, failure, elapsed) is { } pause)
                {
                    await context.CreateTimer(pause, CancellationToken.None);
                }
                else
                {
                    throw;
                }
            }
        }
    }

    private static TimeSpan? PauseAfter(RetryPolicy policy, int attempt, TaskFailedException failure, TimeSpan elapsed)
    {
        if (attempt >= policy.MaxNumberOfAttempts || !policy.Handle(failure)) return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout) return null;
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return milliseconds < policy.MaxRetryInterval.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : policy.MaxRetryInterval;
    }
}
