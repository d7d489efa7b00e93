namespace Microsoft.Azure.Functions.Worker.Middleware;

/// <summary>Code around every invocation, whatever its trigger.</summary>
public interface IFunctionsWorkerMiddleware
{
    Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
}
