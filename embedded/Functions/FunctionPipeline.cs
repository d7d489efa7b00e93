using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace WhatsOps.Embedded.Functions;

/// <summary>The app's middleware around the function, for every trigger.</summary>
internal sealed class FunctionPipeline(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
{
    // The official worker's source name, so that one OpenTelemetry configuration serves both hosts.
    private static readonly ActivitySource Source = new("Microsoft.Azure.Functions.Worker");

    private readonly FunctionExecutionDelegate pipeline = middleware.Reverse().Aggregate<
        Func<FunctionExecutionDelegate, FunctionExecutionDelegate>, FunctionExecutionDelegate>(InvokeAsync, (next, wrap) => wrap(next));

    public Task RunAsync(InvocationContext context) => Source.HasListeners() ? RunTracedAsync(context) : pipeline(context);

    private async Task RunTracedAsync(InvocationContext context)
    {
        // An orchestrator is replayed: its spans would repeat and lie about durations.
        using var activity = context.Function.Kind == TriggerKind.Orchestration ? null : Source.StartActivity("function " + context.Function.Name);
        await pipeline(context);
    }

    private static async Task InvokeAsync(Microsoft.Azure.Functions.Worker.FunctionContext context)
    {
        var invocation = (InvocationContext)context;
        invocation.Result = await invocation.Function.Invoker.InvokeAsync(invocation);
    }
}
