using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using WhatsOps.Embedded.Functions;

namespace WhatsOps.Embedded.Timers;

/// <summary>
/// Keeps the schedule of one timer function. The row decides what is due and who runs it; what is kept here is only how long to sleep.
/// </summary>
internal sealed class TimerRunner(
    FunctionDescriptor function, TimerSchedule schedule, TimerStore store, TimerExecution execution, TimeProvider time, ILogger logger)
{
    // Long sleeps are cut so that a changed clock is noticed.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PastDueAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly TimerTriggerAttribute trigger = (TimerTriggerAttribute)function.Trigger;

    public async Task RunAsync(CancellationToken stopping)
    {
        DateTimeOffset? next = null;
        var atStart = true;
        var reachable = true;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                next ??= await AlignAsync(atStart, stopping);
                reachable = true;
                if (atStart && trigger.RunOnStartup && await RunOnceAsync(due: null, stopping) is { } after)
                    next = after;
                atStart = false;
                next = await SleepUntilAsync(next.Value, stopping) ? await RunDueAsync(stopping) : null;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                if (reachable)
                    logger.LogWarning("Timer {Function} waits for the database: {Error}", function.Name, e.Message);
                reachable = false;
                next = null;
                // Real time: an outage does not follow the schedule's clock.
                await Task.Delay(RetryAfter, TimeProvider.System, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Runs now, whatever the schedule says, as soon as no other run is on; the schedule stays as it is.</summary>
    public async Task RunManuallyAsync(CancellationToken stopping)
    {
        TimerLease? lease;
        while ((lease = await execution.AcquireAsync(function.Name, due: null, stopping)) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, stopping);
        await execution.RunAsync(function, lease, InfoFor(lease, time.GetUtcNow(), isPastDue: false), completed: null, stopping);
    }

    /// <summary>Makes sure that the timer has a row; throws when the database is not reachable.</summary>
    public async Task<TimerState> RegisterAsync(CancellationToken cancellation)
    {
        await store.EnsureTableAsync(cancellation);
        var now = time.GetUtcNow();
        return await store.RegisterAsync(function.Name, schedule.Text, schedule.Next(now), now, cancellation);
    }

    /// <summary>Makes the row fit the schedule and the clock; returns when the timer is due.</summary>
    private async Task<DateTimeOffset> AlignAsync(bool atStart, CancellationToken stopping)
    {
        var state = await RegisterAsync(stopping);
        var now = time.GetUtcNow();
        var monitored = trigger.UseMonitor && !schedule.IsShort(now);
        var next = state switch
        {
            // The clock was set back: what was planned then may lie years ahead.
            _ when state.Updated > now + ClockTolerance => schedule.Next(now),
            _ when state.Schedule != schedule.Text => schedule.Next(monitored && state.LastRun is { } last ? last : now),
            _ when atStart && !monitored && state.NextRun <= now => schedule.Next(now),
            _ => state.NextRun,
        };
        if (next == state.NextRun && state.Schedule == schedule.Text)
            return next;
        return await store.RescheduleAsync(function.Name, state, schedule.Text, next, now, stopping)
            ? next
            : (await store.ReadAsync(function.Name, stopping)).NextRun;
    }

    /// <returns>False when the clock went backwards meanwhile.</returns>
    private async Task<bool> SleepUntilAsync(DateTimeOffset next, CancellationToken stopping)
    {
        for (var now = time.GetUtcNow(); now < next;)
        {
            var left = next - now;
            await Task.Delay(left < LongestSleep ? left : LongestSleep, time, stopping);
            var later = time.GetUtcNow();
            if (later < now - ClockTolerance)
                return false;
            now = later;
        }

        return true;
    }

    private async Task<DateTimeOffset?> RunDueAsync(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        if (await RunOnceAsync(now, stopping) is { } next)
            return next;
        var state = await store.ReadAsync(function.Name, stopping);
        // Still due means that another process runs it right now; look again soon, it may die.
        return state.NextRun > now ? state.NextRun : now + TimeSpan.FromSeconds(1);
    }

    private async Task<DateTimeOffset?> RunOnceAsync(DateTimeOffset? due, CancellationToken stopping)
    {
        if (await execution.AcquireAsync(function.Name, due, stopping) is not { } lease)
            return null;
        var started = time.GetUtcNow();
        var next = default(DateTimeOffset);
        var info = InfoFor(lease, started, isPastDue: started - lease.NextRun > PastDueAfter);
        var completed = await execution.RunAsync(function, lease, info, async () =>
        {
            // Occurrences that passed while it ran are dropped, as on Azure; never the same one twice if the clock woke us early.
            var now = time.GetUtcNow();
            next = schedule.Next(due is not null && lease.NextRun > now ? lease.NextRun : now);
            await store.CompleteAsync(lease, started, next, now, CancellationToken.None);
        }, stopping);
        return completed ? next : null;
    }

    private TimerInfo InfoFor(TimerLease lease, DateTimeOffset now, bool isPastDue) => new()
    {
        IsPastDue = isPastDue,
        ScheduleStatus = new ScheduleStatus
        {
            Last = lease.LastRun?.UtcDateTime ?? default,
            Next = schedule.Next(now).UtcDateTime,
            LastUpdated = (lease.LastRun ?? now).UtcDateTime,
        },
    };
}
