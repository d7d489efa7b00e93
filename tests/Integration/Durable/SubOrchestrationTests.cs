using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>Orchestrators that call others.</summary>
public sealed class SubOrchestrationTests : EngineWorld
{
    [Fact]
    public async Task A_sub_orchestration_returns_or_throws_and_knows_its_parent()
    {
        Functions.Orchestrator("Child", context => context.GetInput<string>() == "fail"
            ? throw new FormatException("child says no")
            : Task.FromResult<object?>($"{context.Parent!.Name}/{context.Parent.InstanceId}/{context.GetInput<string>()}"));
        Functions.Orchestrator("Parent", async context =>
        {
            var good = await context.CallSubOrchestratorAsync<string>("Child", "x", new SubOrchestrationOptions(instanceId: "the-child"));
            try
            {
                await context.CallSubOrchestratorAsync("Child", "fail");
                return "no exception";
            }
            catch (TaskFailedException failure)
            {
                return $"{good} then {failure.FailureDetails.ErrorType}";
            }
        });

        var done = await RunAsync("Parent", options: new StartOrchestrationOptions("the-parent"));

        Assert.Equal("Parent/the-parent/x then System.FormatException", done.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await Engine.Client.GetInstanceAsync("the-child", Patience))!.RuntimeStatus);
    }

    [Fact]
    public async Task Two_children_with_one_id_do_not_run_both()
    {
        Functions.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("go"));
        Functions.Orchestrator("Twins", async context =>
        {
            var first = context.CallSubOrchestratorAsync<string>("Waits", options: new SubOrchestrationOptions(instanceId: "twin"));
            try
            {
                await context.CallSubOrchestratorAsync<string>("Waits", options: new SubOrchestrationOptions(instanceId: "twin"));
                return "both ran";
            }
            catch (TaskFailedException failure)
            {
                context.SendEvent("twin", "go", "one ran");
                return $"{await first}, {failure.FailureDetails.ErrorMessage}";
            }
        });

        var done = await RunAsync("Twins");

        Assert.Equal("one ran, An orchestration with the instance id 'twin' is already running.", done.ReadOutputAs<string>());
    }
}
