using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Where Alertmanagers notify. Each has a token of its own that can do nothing else: an operator's key in Alertmanager's file could start
/// runbooks. An address that the fleet file does not name is refused like a wrong token.
/// </summary>
public sealed class AlertmanagerFunctions(IServiceProvider services, IFleet fleet, MigrationService migrations, TimeProvider time, ILogger<AlertmanagerFunctions> log)
{
    private const int MostBytes = 1024 * 1024;

    [Function("AlertmanagerNotification")]
    public async Task<IActionResult> Receive(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "watch/{system}/alertmanager/{name}")] HttpRequest request, string system, string name, CancellationToken cancellation)
    {
        await migrations.Ready.WaitAsync(cancellation);
        var target = (await fleet.CurrentAsync(cancellation))?.System(system)?.Watch?.Alertmanager.FirstOrDefault(one => one.Name == name);
        if (target is null || !BearerToken.Matches(request, fleet.Resolve(target.Token)))
            throw new ProblemException(401, "This is not the token of an Alertmanager that the fleet file names here.", "Authorization", "Set http_config.authorization.credentials of its webhook_config to the token of systems[].watch.alertmanager.");
        if (request.ContentLength is null or > MostBytes) throw new ProblemException(413, "The notification is longer than 1 MB, or does not say how long it is.", null, "Group alerts more finely in Alertmanager's route.");
        using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellation);
        var notification = AlertmanagerNotification.Read(body.RootElement);
        await services.GetRequiredService<AlertmanagerStore>().SaveAsync(system, name, notification.Firing, notification.Resolved, time.GetUtcNow(), cancellation);
        log.LogInformation("Alertmanager {Name} of {System}: {Firing} alerts fire, {Resolved} are resolved", name, system, notification.Firing.Count, notification.Resolved.Count);
        return new OkResult();
    }
}
