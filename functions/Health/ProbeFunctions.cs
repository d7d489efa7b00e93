using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Health;

/// <summary>For load balancers and supervisors; asks for no key and tells no secret.</summary>
public sealed class ProbeFunctions(IServiceProvider services)
{
    [Function("Live")]
    public static IActionResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) =>
        new OkObjectResult(new LiveView("live"));

    [Function("Ready")]
    public async Task<IActionResult> Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/ready")] HttpRequest request, CancellationToken cancellation)
    {
        var reasons = await services.GetRequiredService<Readiness>().ReasonsAgainstAsync(cancellation);
        return new ObjectResult(new ReadyView(reasons.Count == 0 ? "ready" : "not_ready", reasons)) { StatusCode = reasons.Count == 0 ? 200 : 503 };
    }

    internal sealed record LiveView(string Status);

    internal sealed record ReadyView(string Status, IReadOnlyList<string> Reasons);
}
