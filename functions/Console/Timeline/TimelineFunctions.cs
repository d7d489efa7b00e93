using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Fleet;

namespace WhatsOps.Console;

/// <summary>One tenant's story over HTTP.</summary>
public sealed class TimelineFunctions(TimelineReader timelines, IFleet fleet, ITenantDirectory directory, IOperators operators)
{
    private const int MaxLimit = 1000;

    [Function("TenantTimeline")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tenants/{system}/{slug}/timeline")] HttpRequest request,
        string system, string slug, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var limit = Limit(request.Query["limit"].FirstOrDefault());
        var known = (await fleet.CurrentAsync(cancellation))?.System(system)
            ?? throw new ProblemException(404, $"The fleet has no system {system}.", "system", "List them: whatsops fleet show.");
        var timeline = await timelines.ReadAsync(system, slug, limit, cancellation);
        // A tenant that left the product keeps its story; only a name that nobody ever had is a mistake.
        if (timeline.Entries.Count == 0 && await directory.FindAsync(known, slug, cancellation) is null)
            throw new ProblemException(404, $"{system} has no tenant {slug}.", "slug", "Slugs are exact; look it up in the product.");
        return new OkObjectResult(timeline);
    }

    private static int Limit(string? text) => text switch
    {
        null => 100,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MaxLimit => limit,
        _ => throw new ProblemException(400, $"limit must be a whole number from 1 to {MaxLimit}.", "limit"),
    };
}
