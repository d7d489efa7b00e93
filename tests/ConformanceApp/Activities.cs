using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.ConformanceApp;

/// <summary>The activities of the orchestrators.</summary>
public sealed class Activities(Counters counters)
{
    [Function("Append")]
    public string Append([ActivityTrigger] string text) => text + ".";

    [Function("Square")]
    public async Task<int> Square([ActivityTrigger] int number, CancellationToken cancellation)
    {
        await Task.Delay(10, cancellation);
        return number * number;
    }

    /// <summary>Fails the given number of times per instance, then says which attempt it was.</summary>
    [Function("Flaky")]
    public int Flaky([ActivityTrigger] Attempt attempt)
    {
        var count = counters.Add("flaky:" + attempt.Instance);
        return count > attempt.Failures ? count : throw new InvalidOperationException($"attempt {count}");
    }

    [Function("Fail")]
    public static void Fail([ActivityTrigger] string reason) => throw new InvalidOperationException(reason);
}
