using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>What is raised to an orchestrator from outside.</summary>
public sealed class ExternalEventTests : EngineWorld
{
    [Fact]
    public async Task Early_events_wait_in_order_and_names_have_no_case()
    {
        Functions.Orchestrator("Collects", async context =>
        {
            await context.WaitForExternalEvent<string>("START");
            var first = await context.WaitForExternalEvent<int>("number");
            var second = await context.WaitForExternalEvent<int>("Number");
            return $"{first},{second}";
        });

        var id = await Engine.Client.ScheduleNewOrchestrationInstanceAsync("Collects", Patience);
        await Engine.Client.RaiseEventAsync(id, "NUMBER", 1, Patience);
        await Engine.Client.RaiseEventAsync(id, "number", 2, Patience);
        await Engine.Client.RaiseEventAsync(id, "start", "now", Patience);
        var done = await Engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal("1,2", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_that_does_not_come_in_time_is_a_cancellation()
    {
        Functions.Orchestrator("Impatient", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("never", TimeSpan.FromMilliseconds(20));
            }
            catch (TaskCanceledException)
            {
                return "timed out";
            }
        });
        Functions.Orchestrator("Patient", async context => await context.WaitForExternalEvent<string>("soon", TimeSpan.FromDays(7)));

        Assert.Equal("timed out", (await RunAsync("Impatient")).ReadOutputAs<string>());
        var id = await Engine.Client.ScheduleNewOrchestrationInstanceAsync("Patient", Patience);
        await Engine.Client.RaiseEventAsync(id, "soon", "here", Patience);
        Assert.Equal("here", (await Engine.Client.WaitForInstanceCompletionAsync(id, true, Patience)).ReadOutputAs<string>());
    }
}
