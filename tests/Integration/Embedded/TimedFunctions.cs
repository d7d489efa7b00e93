using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>Functions of a clock, and one of HTTP beside them.</summary>
public static class TimedFunctions
{
    public sealed class EveryMinute(TimerJournal journal)
    {
        [Function("EveryMinute")]
        public Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => journal.RunAsync(timer);
    }

    public sealed class EverySecond(TimerJournal journal)
    {
        [Function("EverySecond")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => journal.RunAsync(timer);
    }

    public sealed class AtStart(TimerJournal journal)
    {
        [Function("AtStart")]
        public Task Run([TimerTrigger("01:00:00", RunOnStartup = true)] TimerInfo timer) => journal.RunAsync(timer);
    }

    public sealed class AlwaysFails
    {
        [Function("AlwaysFails")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => throw new InvalidOperationException($"{timer.IsPastDue}");
    }

    public sealed class WaitsForCancellation(TimerJournal journal)
    {
        [Function("WaitsForCancellation")]
        public Task Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellation) => journal.WaitAsync(timer, cancellation);
    }

    public sealed class Hello
    {
        [Function("Hello")]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path.HasValue ? "hello" : "";
    }
}
