using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace WhatsOps.Embedded.Functions;

/// <summary>The app's middleware around the function, for every trigger.</summary>
internal sealed class FunctionPipeline(IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
{
    /// <summary>The official worker's, so that one OpenTelemetry configuration serves both hosts.</summary>
    public const string SourceName = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly FunctionExecutionDelegate pipeline = middleware.Reverse().Aggregate<
        Func<FunctionExecutionDelegate, FunctionExecutionDelegate>, FunctionExecutionDelegate>(InvokeAsync, (next, wrap) => wrap(next));

    public Task RunAsync(InvocationContext context) => Source.HasListeners() ? RunTracedAsync(context) : pipeline(context);

    private async Task RunTracedAsync(InvocationContext context)
    {
        var kind = context.Function.Kind;
        if (kind == TriggerKind.Orchestration)
        {
            // It is replayed: its spans would repeat and lie about durations.
            await pipeline(context);
            return;
        }

        // A trace begins here. What Kestrel opened is recorded by nobody, and a stranger's traceparent must not decide what is: most doors are public.
        Activity.Current = null;
        using var activity = Source.StartActivity("function " + context.Function.Name, kind == TriggerKind.Http ? ActivityKind.Server : ActivityKind.Consumer);
        try
        {
            await pipeline(context);
        }
        catch (Exception problem)
        {
            // The type only: messages may hold what no telemetry should.
            activity?.SetStatus(ActivityStatusCode.Error, problem.GetType().Name);
            throw;
        }
    }

    private static async Task InvokeAsync(Microsoft.Azure.Functions.Worker.FunctionContext context)
    {
        var invocation = (InvocationContext)context;
        invocation.Result = await invocation.Function.Invoker.InvokeAsync(invocation);
    }
}
