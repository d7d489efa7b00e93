using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Containers;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The watch by the clock (R-189, R-338: every 30 seconds what is due), on demand, and over HTTP.</summary>
public sealed class WatchFunctions(IServiceProvider services, IFleet fleet, IOperators operators, MigrationService migrations, TimeProvider time)
{
    private const int UsualLogMinutes = 5;
    private const int MostLogMinutes = 60;
    private const int MostLogLines = 500;

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

    /// <summary>The moment in one picture: <c>GET /api/watch/{system}/dashboard?instance=</c>; without an instance of the whole system.</summary>
    [Function("GetDashboard")]
    public async Task<IActionResult> Dashboard([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watch/{system}/dashboard")] HttpRequest request, string system, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await services.GetRequiredService<DashboardReader>().ReadAsync(await WatchedAsync(system, cancellation), request.Query.Text("instance"), cancellation));
    }

    /// <summary>The newest lines of a container's log, without secrets and phone numbers: <c>GET /api/watch/{system}/container/{name}/logs?minutes=</c> (1 to 60, 5).</summary>
    [Function("GetContainerLog")]
    public async Task<IActionResult> Log(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watch/{system}/container/{name}/logs")] HttpRequest request, string system, string name, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var target = (await WatchedAsync(system, cancellation)).Watch!.Containers.FirstOrDefault(one => one.Name == name)
            ?? throw new ProblemException(404, $"System {system} watches no container {name}.", "$.name", "List them: whatsops watch --system " + system);
        var minutes = request.Query.Text("minutes") is not { } text ? UsualLogMinutes
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostLogMinutes ? number
            : throw new ProblemException(400, $"minutes is not between 1 and {MostLogMinutes}.", "minutes", "Write a whole number, or leave it out for 5.");
        try
        {
            return new OkObjectResult(await services.GetRequiredService<ContainerLogs>().LinesAsync(target.Container, time.GetUtcNow() - TimeSpan.FromMinutes(minutes), MostLogLines, null, cancellation));
        }
        catch (ContainerException problem)
        {
            throw new ProblemException(502, problem.Message, "$.name", "whatsops watch shows how the container is.");
        }
    }

    /// <summary>Looks at everything of a system now, due or not; answers when it has been seen.</summary>
    [Function("WatchNow")]
    public async Task<IActionResult> Now([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "watch/{system}")] HttpRequest request, string system, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        await WatchedAsync(system, cancellation);
        await Watcher.RunAsync(system, isDue: false, cancellation);
        return new OkObjectResult(await Board.TargetsAsync(system, cancellation));
    }

    private async Task<FleetSystem> WatchedAsync(string system, CancellationToken cancellation)
    {
        var watched = (await fleet.CurrentAsync(cancellation))?.System(system) ?? throw new ProblemException(404, $"The fleet has no system {system}.", "$.system", "List them: whatsops fleet show.");
        if (watched.Watch is null) throw new ProblemException(409, $"System {system} has nothing to watch in the fleet file.", "$.system", "Add systems[].watch; docs/watch.md shows it.");
        return watched;
    }

    // The generated code of the official host makes function classes public, these are not.
    private Watcher Watcher => services.GetRequiredService<Watcher>();

    private WatchBoard Board => services.GetRequiredService<WatchBoard>();
}
