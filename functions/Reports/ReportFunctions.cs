using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>Reports over HTTP: any window made now, and those that routines left.</summary>
public sealed class ReportFunctions(IServiceProvider services, IEnumerable<IReportMaker> makers, IFleet fleet, IOperators operators, TimeProvider time)
{
    /// <summary>Made now, stored nowhere.</summary>
    [Function("MakeReport")]
    public async Task<IActionResult> Make(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "reports/{kind}")] HttpRequest request, string kind, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var maker = makers.FirstOrDefault(maker => maker.Kind == kind)
            ?? throw new ProblemException(404, $"There is no report {kind}.", "kind", $"There are: {string.Join(", ", makers.Select(maker => maker.Kind))}.");
        var system = await SystemAsync(request, cancellation) ?? throw new ProblemException(400, "The system is missing.", "system", "Add ?system=NAME; whatsops fleet show lists them.");
        var format = ReportRequests.Format(request.Query);
        var window = ReportRequests.Window(request.Query, maker, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone), time.GetUtcNow());
        var made = await maker.MakeAsync(system, window, cancellation);
        return new ContentResult { Content = format.Write(made.Report), ContentType = format.ContentType, StatusCode = StatusCodes.Status200OK };
    }

    [Function("ListReports")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "reports")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await Archive.ListAsync((await SystemAsync(request, cancellation))?.Name, cancellation));
    }

    [Function("GetReport")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "reports/{system}/{routine}/{file}")] HttpRequest request, string system, string routine, string file, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var (content, format) = await Archive.FindAsync(system, routine, file, cancellation)
            ?? throw new ProblemException(404, $"There is no stored report {system}/{routine}/{file}.", "file", "List them: whatsops report list.");
        return new ContentResult { Content = content.ToString(), ContentType = format.ContentType, StatusCode = StatusCodes.Status200OK };
    }

    // The generated code of the official host makes function classes public, the archive is not.
    private ReportArchive Archive => services.GetRequiredService<ReportArchive>();

    private async Task<FleetSystem?> SystemAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Query["system"].FirstOrDefault() is not { Length: > 0 } name) return null;
        return (await fleet.CurrentAsync(cancellation))?.System(name) ?? throw new ProblemException(404, $"The fleet has no system {name}.", "system", "List them: whatsops fleet show.");
    }
}
