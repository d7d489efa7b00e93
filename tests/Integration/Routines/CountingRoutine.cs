using System.Collections.Concurrent;
using WhatsOps.Routines;

namespace WhatsOps.Tests.Integration.Routines;

/// <summary>A routine whose runs are counted, and which fails, waits or answers as told.</summary>
internal sealed class CountingRoutine : IRoutine
{
    public string Name => "counting";

    public string Summary => "Counts.";

    public string DefaultSchedule => "0 6 * * *";

    public ConcurrentQueue<RoutineCall> Calls { get; } = new();

    public Func<RoutineCall, Task<RoutineOutcome>> Answer { get; set; } = _ => Task.FromResult(new RoutineOutcome(true, "Counted.", new { Count = 1 }));

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        Calls.Enqueue(call);
        return Answer(call);
    }
}
