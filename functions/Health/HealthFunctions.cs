using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>The sweep by the clock and on demand.</summary>
public sealed class HealthFunctions(IServiceProvider services, IOperators operators, MigrationService migrations, ILogger<HealthFunctions> log)
{
    [Function("HealthSweep")]
    public async Task Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        await migrations.Ready.WaitAsync(cancellation);
        if (await Sweep.RunAsync(cancellation) is not { } report)
            log.LogWarning("There is no fleet to sweep. Fix: whatsops fleet apply FILE");
        else
            log.LogInformation("Swept {Systems} systems in {Duration:0} ms with {Calls} calls: {Status}", report.Systems.Count, report.DurationMs, report.CallsMade, report.OverallStatus);
    }

    [Function("SweepNow")]
    public async Task<IActionResult> Now([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sweeps")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        return new OkObjectResult(await Sweep.RunAsync(cancellation) ?? throw new ProblemException(503, "There is no fleet in force.", null, "Apply one: whatsops fleet apply FILE"));
    }

    [Function("LatestSweep")]
    public async Task<IActionResult> Latest([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sweeps/latest")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(
            await services.GetRequiredService<SweepStore>().LatestAsync(cancellation) ?? throw new ProblemException(404, "There was no sweep yet.", null, "Start one: whatsops sweep"));
    }

    // The generated code of the official host makes function classes public, the sweep is not.
    private HealthSweep Sweep => services.GetRequiredService<HealthSweep>();
}
