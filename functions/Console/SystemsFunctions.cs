using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Console;

/// <summary>The fleet at a glance: each system with its gateways, what is open, what is running, whether it is paused.</summary>
public sealed class SystemsFunctions(IFleet fleet, IOperators operators, IPauses pauses, NpgsqlDataSource database)
{
    [Function("Systems")]
    public async Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "systems")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var version = await fleet.CurrentAsync(cancellation);
        var overviews = new List<SystemOverview>();
        foreach (var system in version?.Document.Systems ?? [])
            overviews.Add(await OverviewAsync(system, await pauses.IsPausedAsync(system.Name, cancellation), cancellation));
        return new OkObjectResult(overviews);
    }

    private async Task<SystemOverview> OverviewAsync(FleetSystem system, bool paused, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT (SELECT count(*) FROM whatsops.findings WHERE system = $1 AND state <> 'closed'),
                   (SELECT count(*) FROM whatsops.runs WHERE system = $1 AND ended_at IS NULL),
                   (SELECT count(*) FROM whatsops.instances WHERE system = $1 AND state = 'open'),
                   (SELECT count(*) FROM whatsops.instances WHERE system = $1)
            """);
        command.Parameters.Add(new() { Value = system.Name });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new SystemOverview(
            system.Name, system.Kind, [.. system.Gateways.Select(gateway => gateway.Name)], paused,
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }
}
