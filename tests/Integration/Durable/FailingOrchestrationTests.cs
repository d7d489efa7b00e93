using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>Activities that fail, code that is not durable, and what nobody can store.</summary>
public sealed class FailingOrchestrationTests : EngineWorld
{
    [Fact]
    public async Task A_failed_activity_is_an_exception_with_type_message_and_cause()
    {
        Functions.Activity("Break", _ => throw new InvalidOperationException("outer", new ArgumentException("inner")));
        Functions.Orchestrator("Catches", async context =>
        {
            try
            {
                await context.CallActivityAsync("Break");
                return "no exception";
            }
            catch (TaskFailedException failure)
            {
                var details = failure.FailureDetails;
                return $"{failure.TaskName}|{details.ErrorType}|{details.ErrorMessage}|{details.InnerFailure!.ErrorType}|" +
                    $"{details.IsCausedBy<InvalidOperationException>()}|{details.IsCausedBy<ArgumentException>()}";
            }
        });
        Functions.Orchestrator("DoesNotCatch", async context => await context.CallActivityAsync<string>("Break"));

        var caught = await RunAsync("Catches");
        var failed = await RunAsync("DoesNotCatch");

        Assert.Equal("Break|System.InvalidOperationException|outer|System.ArgumentException|True|False", caught.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", failed.FailureDetails!.ErrorType);
        Assert.Equal("System.InvalidOperationException", failed.FailureDetails.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task A_retry_policy_pauses_longer_each_time_and_a_handler_decides()
    {
        var attempts = 0;
        Functions.Activity("Third", _ => Interlocked.Increment(ref attempts) % 3 == 0 ? "done" : throw new TimeoutException("not yet"));
        Functions.Orchestrator("Policy", async context =>
        {
            var begun = context.CurrentUtcDateTime;
            var policy = new RetryPolicy(5, TimeSpan.FromMilliseconds(20), backoffCoefficient: 2);
            await context.CallActivityAsync<string>("Third", TaskOptions.FromRetryPolicy(policy));
            return (context.CurrentUtcDateTime - begun).TotalMilliseconds;
        });
        Functions.Orchestrator("Handler", async context =>
        {
            var seen = new List<int>();
            var options = TaskOptions.FromRetryHandler(retry =>
            {
                seen.Add(retry.LastAttemptNumber);
                return retry.LastFailure.IsCausedBy<TimeoutException>() && retry.LastAttemptNumber < 2;
            });
            try
            {
                await context.CallActivityAsync<string>("Third", options);
            }
            catch (TaskFailedException)
            {
                seen.Add(0);
            }

            return string.Join(',', seen);
        });

        // Pauses of 20 and 40 ms between three attempts; the handler gives up after two.
        Assert.True((await RunAsync("Policy")).ReadOutputAs<double>() >= 60);
        Assert.Equal("1,2,0", (await RunAsync("Handler")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("run")]
    [InlineData("configure")]
    [InlineData("never")]
    public async Task Awaiting_something_that_is_not_durable_is_detected(string how)
    {
        Functions.Activity("Fine", _ => 1);
        Functions.Orchestrator("Foreign", async context =>
        {
            switch (how)
            {
                case "delay":
                    await Task.Delay(5);
                    break;
                case "run":
                    // A durable task is open, so that only the foreign continuation gives it away.
                    var open = context.WaitForExternalEvent<string>("later");
                    await Task.Run(() => Task.Delay(5));
                    await open;
                    break;
                case "configure":
                    await context.CallActivityAsync<int>("Fine").ConfigureAwait(false);
                    await context.CallActivityAsync<int>("Fine");
                    break;
                default:
                    await new TaskCompletionSource().Task;
                    break;
            }

            return "undetected";
        });

        var done = await RunAsync("Foreign");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.StartsWith("Nondeterministic orchestrator 'Foreign'", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poison_stops_nobody_else()
    {
        Functions.Activity("Nul", _ => "a\0b\ud800");
        Functions.Activity("Throws", _ => throw new InvalidOperationException("nul \0 and half a pair \ud800"));
        Functions.Orchestrator("Echo", context => Task.FromResult<object?>(context.GetInput<string>()));
        Functions.Orchestrator("Poison", async context =>
        {
            var text = await context.CallActivityAsync<string>("Nul");
            context.SetCustomStatus(text);
            try
            {
                await context.CallActivityAsync("Throws");
            }
            catch (TaskFailedException)
            {
                await context.CallActivityAsync("no\0such");
            }

            return text;
        });
        Functions.Orchestrator("LongChild", async context =>
            await context.CallSubOrchestratorAsync<string>("Echo", "x", new SubOrchestrationOptions(instanceId: new string('x', 9_000))));
        Functions.Orchestrator("Number", context => Task.FromResult<object?>(context.GetInput<int>()));

        var poisoned = await Task.WhenAll(
            RunAsync("Poison"), RunAsync("LongChild"), RunAsync("Number", "not a number"), RunAsync("No\u00A0Such\uFFFF"));
        var echoed = await RunAsync("Echo", "a\0b");

        Assert.All(poisoned, done => Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus));
        Assert.Equal("a\0b", echoed.ReadOutputAs<string>());
        await Assert.ThrowsAsync<ArgumentException>(() => Engine.Client.RaiseEventAsync("x", "a\0b", null, Patience));
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync("Echo", options: new StartOrchestrationOptions("\ud800")));
        Assert.NotNull(Engine.Engine.Session);
    }
}
