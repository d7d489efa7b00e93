using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace WhatsOps.ConformanceApp;

/// <summary>Shows that middleware wraps every trigger.</summary>
public sealed class CountInvocations(Counters counters) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        counters.Add("invoked:" + context.FunctionDefinition.Name);
        return next(context);
    }
}
