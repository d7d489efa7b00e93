using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The watch by the clock (R-189, R-338: every 30 seconds what is due), on demand, and over HTTP.</summary>
public sealed class WatchFunctions(IServiceProvider services, IFleet fleet, IOperators operators, MigrationService migrations, TimeProvider time)
{
    [Function("Watch")]
    public async Task Run([TimerTrigger("*/30 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        await migrations.Ready.WaitAsync(cancellation);
        await Watcher.RunAsync(null, isDue: true, cancellation);
    }

    /// <summary>Hourly, so that a missed day is made good soon.</summary>
    [Function("SampleRetention")]
    public async Task Keep([TimerTrigger("0 11 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        await migrations.Ready.WaitAsync(cancellation);
        await services.GetRequiredService<SampleStore>().KeepAsync(time.GetUtcNow(), cancellation);
    }

    [Function("ListWatch")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watch")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await Board.TargetsAsync(request.Query.Text("system"), cancellation));
    }

    /// <summary>The newest values of one target: <c>GET /api/watch/{system}/{family}/{name}</c>.</summary>
    [Function("GetWatchTarget")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watch/{system}/{family}/{name}")] HttpRequest request, string system, string family, string name, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await Board.SeriesAsync(system, $"{family}/{name}", cancellation));
    }

    /// <summary>Looks at everything of a system now, due or not; answers when it has been seen.</summary>
    [Function("WatchNow")]
    public async Task<IActionResult> Now([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "watch/{system}")] HttpRequest request, string system, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var watched = (await fleet.CurrentAsync(cancellation))?.System(system) ?? throw new ProblemException(404, $"The fleet has no system {system}.", "$.system", "List them: whatsops fleet show.");
        if (watched.Watch is null) throw new ProblemException(409, $"System {system} has nothing to watch in the fleet file.", "$.system", "Add systems[].watch; docs/watch.md shows it.");
        await Watcher.RunAsync(system, isDue: false, cancellation);
        return new OkObjectResult(await Board.TargetsAsync(system, cancellation));
    }

    // The generated code of the official host makes function classes public, these are not.
    private Watcher Watcher => services.GetRequiredService<Watcher>();

    private WatchBoard Board => services.GetRequiredService<WatchBoard>();
}
