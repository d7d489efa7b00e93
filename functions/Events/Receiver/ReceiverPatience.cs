namespace WhatsOps.Events;

/// <summary>How long a receiver waits for what it needs to know before it answers: from a cache nearly always, and a database that hangs must not hang who delivers.</summary>
internal static class ReceiverPatience
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <exception cref="TimeoutException">It was not known in time.</exception>
    public static ValueTask<T> Within<T>(this TimeProvider time, ValueTask<T> answer) => answer.IsCompleted ? answer : new(answer.AsTask().WaitAsync(Longest, time));
}
