using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Fleet;

/// <summary>The big red switch over HTTP.</summary>
public sealed class PauseFunctions(IPauses pauses, IOperators operators, IFleet fleet)
{
    /// <param name="System">Null is everything.</param>
    public sealed record PauseRequest(string? System, string? Reason);

    internal sealed record PausesView(IReadOnlyList<Pause> Pauses);

    [Function("ListPauses")]
    public async Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pause")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(new PausesView(await pauses.ListAsync(cancellation)));
    }

    [Function("Pause")]
    public async Task<IActionResult> PauseAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "pause")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var body = await ReadAsync(request, cancellation);
        await pauses.PauseAsync(body.System, caller.Name, body.Reason, cancellation);
        return new OkObjectResult(new PausesView(await pauses.ListAsync(cancellation)));
    }

    [Function("Resume")]
    public async Task<IActionResult> ResumeAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "resume")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var body = await ReadAsync(request, cancellation);
        await pauses.ResumeAsync(body.System, caller.Name, cancellation);
        return new OkObjectResult(new PausesView(await pauses.ListAsync(cancellation)));
    }

    private async Task<PauseRequest> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await JsonBody.ReadAsync<PauseRequest>(request, cancellation) ?? new PauseRequest(null, null);
        // A typo must not pause a system that does not exist while the real one goes on acting.
        if (body.System is { } name && (await fleet.CurrentAsync(cancellation))?.System(name) is null)
            throw new ProblemException(404, $"The fleet has no system {name}.", "$.system", "whatsops fleet show lists them; leave it out for everything.");
        return body;
    }
}
