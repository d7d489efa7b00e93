namespace Microsoft.DurableTask;

/// <summary>Retries with a growing pause. The first attempt counts: 3 attempts are one try and two retries.</summary>
public class RetryPolicy
{
    private readonly Func<Exception, bool> handle = _ => true;

    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRetryInterval ?? TimeSpan.MaxValue, firstRetryInterval, nameof(maxRetryInterval));
        ArgumentOutOfRangeException.ThrowIfLessThan(retryTimeout ?? TimeSpan.MaxValue, firstRetryInterval, nameof(retryTimeout));
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    /// <summary>The longest pause between two attempts; one hour unless told otherwise.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>No further attempt starts after this long; infinite unless told otherwise.</summary>
    public TimeSpan RetryTimeout { get; }

    public Func<Exception, bool> Handle => handle;

    /// <summary>Which failures are worth another attempt; all unless told otherwise.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => handle = exception => value(
            exception is TaskFailedException failed ? failed.FailureDetails : TaskFailureDetails.FromException(exception));
    }
}
