using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.ConformanceApp;

/// <summary>One orchestrator per property that both hosts must have.</summary>
public sealed class Orchestrators
{
    [Function("Chain")]
    public async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
    {
        var text = order.Product;
        for (var i = 0; i < order.Amount; i++)
            text = await context.CallActivityAsync<string>("Append", text);
        return text;
    }

    [Function("FanOut")]
    public async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var tasks = Enumerable.Range(1, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("Square", i)).ToArray();
        return (await Task.WhenAll(tasks)).Sum();
    }

    [Function("Retry")]
    public Task<int> Retry([OrchestrationTrigger] TaskOrchestrationContext context, int failures) =>
        context.CallActivityAsync<int>(
            "Flaky",
            new Attempt(context.InstanceId, failures),
            TaskOptions.FromRetryPolicy(new RetryPolicy(maxNumberOfAttempts: 3, firstRetryInterval: TimeSpan.FromMilliseconds(100))));

    [Function("Catch")]
    public async Task<string> Catch([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync("Fail", "the reason");
            return "nothing was thrown";
        }
        catch (TaskFailedException e)
        {
            return $"{e.TaskName}|{e.FailureDetails.ErrorType}|{e.FailureDetails.ErrorMessage}";
        }
    }

    [Function("Throw")]
    public async Task Throw([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync<string>("Append", "x");
        throw new InvalidOperationException("thrown by the orchestrator");
    }

    [Function("Approval")]
    public async Task<string> Approval([OrchestrationTrigger] TaskOrchestrationContext context, double seconds)
    {
        context.SetCustomStatus("waiting");
        try
        {
            var order = await context.WaitForExternalEvent<Order>("decision", TimeSpan.FromSeconds(seconds));
            return "decided " + order.Product;
        }
        catch (TaskCanceledException)
        {
            return "nobody answered";
        }
    }

    [Function("LateListener")]
    public async Task<string> LateListener([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.WaitForExternalEvent<string>("go");
        return await context.WaitForExternalEvent<string>("early") + await context.WaitForExternalEvent<string>("early");
    }

    [Function("Sleep")]
    public async Task<double> Sleep([OrchestrationTrigger] TaskOrchestrationContext context, double seconds)
    {
        var before = context.CurrentUtcDateTime;
        await context.CreateTimer(before.AddSeconds(seconds), CancellationToken.None);
        return (context.CurrentUtcDateTime - before).TotalSeconds;
    }

    [Function("Parent")]
    public async Task<string> Parent([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var good = await context.CallSubOrchestratorAsync<string>("Chain", new Order("child", 1));
        try
        {
            await context.CallSubOrchestratorAsync("Throw");
        }
        catch (TaskFailedException e)
        {
            return $"{good}|{e.TaskName}|{e.FailureDetails.ErrorMessage}";
        }

        return "the child did not fail";
    }

    [Function("Loop")]
    public async Task<int> Loop([OrchestrationTrigger] TaskOrchestrationContext context, int left)
    {
        if (left == 0)
            return 0;
        await context.CallActivityAsync<int>("Square", left);
        context.ContinueAsNew(left - 1);
        return -1;
    }

    [Function("Deterministic")]
    public async Task<bool> Deterministic([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var (id, time) = (context.NewGuid(), context.CurrentUtcDateTime);
        var echoed = await context.CallActivityAsync<string>("Append", id.ToString());
        return echoed == id + "." && context.NewGuid() != id && time.Kind == DateTimeKind.Utc;
    }

    /// <summary>Waits without end; for terminate and suspend.</summary>
    [Function("Forever")]
    public async Task<string> Forever([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        for (var pings = 0; ; context.SetCustomStatus(++pings))
            await context.WaitForExternalEvent<string>("ping");
    }
}
