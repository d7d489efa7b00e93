namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which attempt of the host this invocation is. The embedded host never retries a function by itself.</summary>
public abstract class RetryContext
{
    protected RetryContext()
    {
    }

    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
