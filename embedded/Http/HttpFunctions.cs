using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using WhatsOps.Embedded.Functions;
using WhatsOps.Embedded.Hosting;

namespace WhatsOps.Embedded.Http;

/// <summary>Puts the app's HTTP functions on Kestrel. Nothing here looks anything up per request.</summary>
internal sealed class HttpFunctions(FunctionCatalog catalog, FunctionPipeline pipeline, HttpKeys keys, HttpResults results, ILoggerFactory loggers)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var function in catalog.Of(TriggerKind.Http))
        {
            var level = ((HttpTriggerAttribute)function.Trigger).AuthLevel;
            var logger = loggers.CreateLogger("Function." + function.Name);
            RequestDelegate handle = http => keys.Allow(level, http.Request)
                ? RunAsync(function, http, logger)
                : Refuse(http);
            var endpoint = function.Methods.Count == 0
                ? endpoints.Map(function.Route, handle)
                : endpoints.MapMethods(function.Route, function.Methods, handle);
            endpoint.WithDisplayName(function.Name);
        }
    }

    private async Task RunAsync(FunctionDescriptor function, HttpContext http, ILogger logger)
    {
        try
        {
            var context = new InvocationContext(function, http.RequestServices, http, http.RequestAborted);
            await pipeline.RunAsync(context);
            await results.WriteAsync(http, context.Result);
        }
        catch (InvalidInputException e)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel's own refusals while the body is read: too large (413), too slow (408), malformed (400).
            await ProblemAsync(http, e.StatusCode, e.Message);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has left; nobody reads an answer.
        }
        catch (Exception e) when (function.NeedsDurable && DatabaseErrors.IsUnavailable(e))
        {
            logger.LogWarning("{Function}: the database is not reachable ({Error}), answered 503", function.Name, e.GetType().Name);
            await ProblemAsync(http, StatusCodes.Status503ServiceUnavailable, "The durable engine is not available.");
        }
        catch (Exception e)
        {
            logger.LogError(e, "Function {Function} failed", function.Name);
            await ProblemAsync(http, StatusCodes.Status500InternalServerError, null);
        }
    }

    private static Task Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static Task ProblemAsync(HttpContext http, int status, string? detail)
    {
        if (http.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            http.Features.Get<IHttpRequestLifetimeFeature>()?.Abort();
            return Task.CompletedTask;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "5";
        return detail is null ? Task.CompletedTask : HttpResults.WriteProblemAsync(http, status, detail);
    }
}
