using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Incidents;

/// <summary>Evidence of incidents over HTTP: collected on request, and given back.</summary>
public sealed class EvidenceFunctions(IServiceProvider services, IFleet fleet, IOperators operators, TimeProvider time)
{
    private const int LongestReason = 500;
    private static readonly TimeSpan Usual = TimeSpan.FromHours(2);

    // Samples are kept for 8 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    // Whoever reckons "7 days ago" does so before it is checked here, and by another clock.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Body <c>{"since?":"2030-01-01T00:00:00Z","reason?":"…"}</c>; since is two hours ago unless it is said, at most 7 days. Answers the manifest when all is stored.</summary>
    [Function("CollectEvidence")]
    public async Task<IActionResult> Collect([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "watch/{system}/evidence")] HttpRequest request, string system, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var body = await JsonBody.ReadAsync<EvidenceRequest>(request, cancellation);
        var now = time.GetUtcNow();
        var since = body?.Since ?? now - Usual;
        if (since > now + Tolerance || since < now - Longest - Tolerance)
            throw new ProblemException(400, string.Create(CultureInfo.InvariantCulture, $"since is not within the last {Longest.TotalDays} days."), "$.since", "Send it like 2030-01-01T00:00:00Z, or leave it out for two hours.");
        if (body?.Reason?.Length > LongestReason) throw new ProblemException(400, $"The reason is longer than {LongestReason} characters.", "$.reason", "Say it in a sentence.");
        return new ObjectResult(await Desk.CollectAsync(await SystemAsync(system, cancellation), caller, since, body?.Reason, cancellation)) { StatusCode = StatusCodes.Status201Created };
    }

    [Function("GetEvidence")]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "watch/{system}/evidence/{id}")] HttpRequest request, string system, string id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var archive = await Desk.FindAsync(system, id, caller, cancellation)
            ?? throw new ProblemException(404, $"System {system} has no evidence {id}.", "id", "whatsops tasks --system " + system + " names what was collected.");
        return new FileContentResult(archive.ToArray(), "application/gzip");
    }

    private async Task<FleetSystem> SystemAsync(string name, CancellationToken cancellation) =>
        (await fleet.CurrentAsync(cancellation))?.System(name) ?? throw new ProblemException(404, $"The fleet has no system {name}.", "$.system", "List them: whatsops fleet show.");

    // The generated code of the official host makes function classes public, the desk is not.
    private EvidenceDesk Desk => services.GetRequiredService<EvidenceDesk>();

    internal sealed record EvidenceRequest(DateTimeOffset? Since, string? Reason);
}
