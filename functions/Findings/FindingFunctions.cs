using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>Findings over HTTP: viewers read, operators decide, every decision is audited.</summary>
public sealed class FindingFunctions(IFindings findings, IOperators operators, IAuditTrail audit, TimeProvider time)
{
    [Function("ListFindings")]
    public async Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "findings")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await findings.ListAsync(FindingRequests.Query(request.Query), cancellation));
    }

    [Function("GetFinding")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "findings/{id:long}")] HttpRequest request, long id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var finding = await findings.FindAsync(id, cancellation) ?? throw NotFound(id);
        var answer = JsonSerializer.SerializeToNode(finding, JsonSerializerOptions.Web)!.AsObject();
        answer["history"] = JsonSerializer.SerializeToNode(await findings.HistoryAsync(id, cancellation), JsonSerializerOptions.Web);
        return new OkObjectResult(answer);
    }

    [Function("AcknowledgeFinding")]
    public async Task<IActionResult> Acknowledge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "findings/{id:long}/ack")] HttpRequest request, long id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        return await DecidedAsync(id, "acknowledge", caller, null, await findings.AcknowledgeAsync(id, caller.Name, cancellation), cancellation);
    }

    [Function("SilenceFinding")]
    public async Task<IActionResult> Silence(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "findings/{id:long}/silence")] HttpRequest request, long id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var decision = await FindingRequests.DecisionAsync(request, cancellation);
        var until = decision.SilenceEnd(time.GetUtcNow());
        return await DecidedAsync(
            id, "silence", caller, $"until {until:u} {decision.Reason}", await findings.SilenceAsync(id, caller.Name, until, decision.Reason, cancellation), cancellation);
    }

    [Function("AcceptFinding")]
    public async Task<IActionResult> Accept(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "findings/{id:long}/accept")] HttpRequest request, long id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var reason = (await FindingRequests.DecisionAsync(request, cancellation)).RequiredReason();
        return await DecidedAsync(id, "accept", caller, reason, await findings.AcceptAsync(id, caller.Name, reason, cancellation), cancellation);
    }

    [Function("CloseFinding")]
    public async Task<IActionResult> Close(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "findings/{id:long}/close")] HttpRequest request, long id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var reason = (await FindingRequests.DecisionAsync(request, cancellation)).RequiredReason();
        return await DecidedAsync(id, "close", caller, reason, await findings.CloseAsync(id, caller.Name, reason, cancellation), cancellation);
    }

    private async Task<IActionResult> DecidedAsync(long id, string verb, Operator caller, string? reason, Finding? decided, CancellationToken cancellation)
    {
        if (decided is null)
            throw await findings.FindAsync(id, cancellation) is null
                ? NotFound(id)
                : new ProblemException(409, $"Finding {id} is closed.", null, "A closed finding stays as it is; when the problem comes back it is a new finding.");
        var detail = string.Create(CultureInfo.InvariantCulture, $"finding {id} {decided.Kind} {reason}").TrimEnd();
        await audit.RecordAsync(caller.Name, $"finding.{verb}", decided.System, decided.Tenant, detail, cancellation);
        return new OkObjectResult(decided);
    }

    private static ProblemException NotFound(long id) => new(404, $"There is no finding {id}.", null, "List them: whatsops findings");
}
