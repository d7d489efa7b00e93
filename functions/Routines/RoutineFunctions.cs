using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Routines;

/// <summary>Routines by the clock and on demand. The timer ticks in UTC; which systems are due comes from each system's own schedule and time zone.</summary>
public sealed class RoutineFunctions(IServiceProvider services, IOperators operators, MigrationService migrations)
{
    private const int MostRuns = 500;

    [Function("Routines")]
    public async Task Run([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        await migrations.Ready.WaitAsync(cancellation);
        await Runner.TickAsync(cancellation);
    }

    [Function("ListRoutines")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routines")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await Runner.ListAsync(request.Query.Text("system"), cancellation));
    }

    /// <summary>Body <c>{"system":"…"}</c>; answers when the run has ended, with its report.</summary>
    [Function("RunRoutine")]
    public async Task<IActionResult> RunNow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "routines/{routine}")] HttpRequest request, string routine, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var body = await JsonBody.ReadAsync<RoutineRequest>(request, cancellation);
        var system = body?.System ?? throw new ProblemException(400, "$.system is missing.", "$.system", "Send {\"system\": \"…\"}.");
        return new OkObjectResult(await Runner.RunNowAsync(routine, system, caller.Name, cancellation));
    }

    [Function("ListRoutineRuns")]
    public async Task<IActionResult> Runs([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routines/runs")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var limit = 50;
        if (request.Query.Text("limit") is { } wanted && !(int.TryParse(wanted, out limit) && limit is > 0 and <= MostRuns))
            throw new ProblemException(400, $"The limit is not between 1 and {MostRuns}.", "limit");
        return new OkObjectResult(await Store.ListAsync(request.Query.Text("system"), request.Query.Text("routine"), limit, cancellation));
    }

    [Function("GetRoutineRun")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "routines/runs/{id:guid}")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await Store.FindAsync(id, cancellation) ?? throw new ProblemException(404, $"There is no run {id} of a routine.", null, "List them: whatsops routines."));
    }

    // The generated code of the official host makes function classes public, the runner is not.
    private RoutineRunner Runner => services.GetRequiredService<RoutineRunner>();

    private RoutineStore Store => services.GetRequiredService<RoutineStore>();

    internal sealed record RoutineRequest(string? System);
}
