using System.Diagnostics;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Embedded.Functions;
using WhatsOps.Embedded.Hosting;
using WhatsOps.Embedded.Http;
using WhatsOps.Embedded.Timers;

namespace WhatsOps.Embedded.Management;

/// <summary>The Functions host's admin endpoints that an operator uses; all ask for the master key.</summary>
internal sealed class FunctionsApi(FunctionCatalog catalog, HttpKeys keys, TimeProvider time, TimerService? timers = null)
{
    private static readonly DateTimeOffset Started = new(Process.GetCurrentProcess().StartTime);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/functions", keys.Guard(http => http.Response.WriteAsJsonAsync(catalog.All.Select(f => Describe(f, http.Request)))));
        endpoints.MapGet("/admin/functions/{name}", keys.Guard(http =>
            Named(http) is { } function ? http.Response.WriteAsJsonAsync(Describe(function, http.Request)) : Status(http, 404)));
        endpoints.MapPost("/admin/functions/{name}", keys.Guard(InvokeAsync));
        endpoints.MapGet("/admin/host/status", keys.Guard(http => http.Response.WriteAsJsonAsync(new
        {
            id = Environment.MachineName,
            state = "Running",
            version = typeof(FunctionsApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            processUptime = (long)(time.GetUtcNow() - Started).TotalMilliseconds,
        })));
    }

    private async Task InvokeAsync(HttpContext http)
    {
        switch (Named(http))
        {
            case null:
                await Status(http, StatusCodes.Status404NotFound);
                break;
            case { Kind: TriggerKind.Timer } timer when timers is not null:
                try
                {
                    await timers.InvokeAsync(timer.Name, http.RequestAborted);
                    await Status(http, StatusCodes.Status202Accepted);
                }
                catch (Exception e) when (DatabaseErrors.IsUnavailable(e))
                {
                    await Problem(http, StatusCodes.Status503ServiceUnavailable, "The database is not reachable.");
                }

                break;
            case { } other:
                await Problem(http, StatusCodes.Status400BadRequest, $"{other.Name} is not a timer: call its route, or start it as an orchestration.");
                break;
        }
    }

    private FunctionDescriptor? Named(HttpContext http) => catalog.Find((string)http.Request.RouteValues["name"]!);

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task Problem(HttpContext http, int status, string detail)
    {
        http.Response.StatusCode = status;
        return HttpResults.WriteProblemAsync(http, status, detail);
    }

    private static object Describe(FunctionDescriptor function, HttpRequest request) => new
    {
        name = function.Name,
        href = $"{request.Scheme}://{request.Host}/admin/functions/{function.Name}",
        invoke_url_template = function.Kind == TriggerKind.Http ? $"{request.Scheme}://{request.Host}/{function.Route}" : null,
        language = "dotnet-isolated",
        isDisabled = function.IsDisabled,
        config = new
        {
            name = function.Name,
            entryPoint = function.EntryPoint,
            scriptFile = Path.GetFileName(function.PathToAssembly),
            bindings = new[] { Binding(function) },
        },
    };

    private static Dictionary<string, object?> Binding(FunctionDescriptor function)
    {
        var binding = new Dictionary<string, object?> { ["direction"] = "in" };
        switch (function.Trigger)
        {
            case HttpTriggerAttribute http:
                binding["type"] = "httpTrigger";
                binding["authLevel"] = http.AuthLevel.ToString().ToLowerInvariant();
                binding["methods"] = function.Methods;
                binding["route"] = http.Route;
                break;
            case TimerTriggerAttribute timer:
                binding["type"] = "timerTrigger";
                binding["schedule"] = timer.Schedule;
                binding["runOnStartup"] = timer.RunOnStartup;
                break;
            default:
                binding["type"] = function.Kind == TriggerKind.Orchestration ? "orchestrationTrigger" : "activityTrigger";
                break;
        }

        return binding;
    }
}
