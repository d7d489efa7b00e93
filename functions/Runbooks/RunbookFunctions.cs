using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using QRCoder;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Runbooks over HTTP: what there is, what it would do, and every run with its progress and its next command.</summary>
public sealed class RunbookFunctions(
    IOperators operators, RunbookCatalogue catalogue, RunStore runs, RunDesk desk, TargetResolver targets, RunPlans plans, LiveQr qr)
{
    [Function("RunbookCatalogue")]
    public async Task<IActionResult> Catalogue(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runbooks/catalogue")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(catalogue.Current.Select(runbook => new RunbookItem(runbook.Name, runbook.Version, runbook.Summary, runbook.IsDestructive, runbook.Scope, runbook.Parameters, runbook.Steps.Count)));
    }

    /// <summary>Plans (<c>?dryRun=true</c>: 200, nothing is stored) or opens a run (202).</summary>
    [Function("StartRunbook")]
    public async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runbooks/{runbook}")] HttpRequest request,
        string runbook, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var dryRun = DryRun(request);
        var caller = await operators.RequireAsync(request, dryRun ? OperatorRole.Viewer : OperatorRole.Operator, cancellation);
        var declaration = catalogue.Find(runbook) ?? throw new ProblemException(404, $"There is no runbook {runbook}.", null, "List them: GET /api/runbooks/catalogue.");
        var body = await JsonBody.ReadAsync<RunRequest>(request, cancellation);
        var system = Required(body?.System, "$.system");
        var place = declaration.Scope switch
        {
            RunbookScope.System => await targets.ResolveSystemAsync(system, cancellation),
            RunbookScope.Gateway => await targets.ResolveGatewayAsync(system, Required(body?.Gateway, "$.gateway"), cancellation),
            _ => await targets.ResolveAsync(system, Required(body?.Tenant, "$.tenant"), cancellation),
        };
        var target = RunParameters.Read(declaration, place, body?.Parameters);
        if (dryRun)
        {
            var plan = await plans.MakeAsync(declaration, target, cancellation);
            return new OkObjectResult(new PlanView(plan, plan.Hash()));
        }

        var reason = Required(body?.Reason, "$.reason");
        if (reason.Length > 500) throw new ProblemException(400, "The reason is longer than 500 characters.", "$.reason");
        var run = await desk.RequestAsync(client, declaration, target, reason, caller, cancellation);
        return new ObjectResult(RunView.Of(run, [])) { StatusCode = StatusCodes.Status202Accepted };
    }

    [Function("ListRuns")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runbooks")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        RunState? state = null;
        if (request.Query.Text("state") is { } name)
            state = SnakeName<RunState>.TryParse(name, out var known) ? known : throw new ProblemException(400, $"There is no state {name}.", "state");
        var limit = 100;
        if (request.Query.Text("limit") is { } wanted && !(int.TryParse(wanted, out limit) && limit is > 0 and <= 1000))
            throw new ProblemException(400, "The limit is not between 1 and 1000.", "limit");
        var query = new RunQuery(request.Query.Text("system"), request.Query.Text("tenant"), request.Query.Text("runbook"), state, request.Query.Text("open") == "true", limit);
        return new OkObjectResult((await runs.ListAsync(query, cancellation)).Select(run => RunView.Of(run)));
    }

    [Function("GetRun")]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runbooks/{id:guid}")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await ViewAsync(await desk.GetAsync(id, cancellation), cancellation));
    }

    [Function("GetRunPlan")]
    public async Task<IActionResult> GetPlan(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runbooks/{id:guid}/plan")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var run = await desk.GetAsync(id, cancellation);
        return new OkObjectResult(new PlanView(run.Plan, run.PlanHash));
    }

    [Function("ApproveRun")]
    public async Task<IActionResult> Approve(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runbooks/{id:guid}/approve")] HttpRequest request,
        Guid id, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        var body = await JsonBody.ReadAsync<Approval>(request, cancellation);
        var run = await desk.ApproveAsync(client, id, Required(body?.PlanHash, "$.planHash"), caller, cancellation);
        return new OkObjectResult(await ViewAsync(run, cancellation));
    }

    [Function("CancelRun")]
    public async Task<IActionResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runbooks/{id:guid}/cancel")] HttpRequest request,
        Guid id, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        return new OkObjectResult(await ViewAsync(await desk.CancelAsync(client, id, caller, cancellation), cancellation));
    }

    /// <summary>Body <c>{"answer":"yes"}</c> (the default without a body) or <c>no</c>.</summary>
    [Function("ConfirmRunStep")]
    public async Task<IActionResult> Confirm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runbooks/{id:guid}/steps/{step}/confirm")] HttpRequest request,
        Guid id, string step, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var answer = (await JsonBody.ReadAsync<Answer>(request, cancellation))?.Text;
        if (answer is not (null or "yes" or "no")) throw new ProblemException(400, "The answer is neither yes nor no.", "$.answer");
        return new OkObjectResult(await ViewAsync(await desk.ConfirmAsync(client, id, step, answer != "no", caller, cancellation), cancellation));
    }

    /// <summary>The QR code that the run's human step asks for, live from the gateway as PNG (or drawn, with Accept: text/plain); stored nowhere.</summary>
    [Function("RunQr")]
    public async Task<IActionResult> Qr(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runbooks/{id:guid}/qr")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var text = await qr.TextAsync(await desk.GetAsync(id, cancellation), caller, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        // For a terminal: half blocks, light on dark as terminals are.
        if (request.Headers.Accept.ToString().StartsWith("text/plain", StringComparison.Ordinal))
            return new ContentResult { Content = Drawn(text), ContentType = "text/plain; charset=utf-8" };
        return new FileContentResult(PairingDesk.Png(text), "image/png");
    }

    private static string Drawn(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, invert: true);
    }

    private async Task<RunView> ViewAsync(Run run, CancellationToken cancellation) => RunView.Of(run, await runs.StepsAsync(run.Id, cancellation));

    private static string Required(string? value, string field) =>
        string.IsNullOrWhiteSpace(value) ? throw new ProblemException(400, $"{field} is missing.", field) : value;

    // dryRun=1 must not open a run because only "true" is understood.
    private static bool DryRun(HttpRequest request) => request.Query.Text("dryRun")?.ToLowerInvariant() switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ProblemException(400, "dryRun is neither true nor false.", "dryRun"),
    };

    internal sealed record RunbookItem(string Name, int Version, string Summary, bool IsDestructive, RunbookScope Scope, IReadOnlyList<RunbookParameter> Parameters, int Steps);

    internal sealed record PlanView(Plan Plan, string PlanHash);

    internal sealed record RunRequest(string? System, string? Tenant, string? Gateway, string? Reason, IReadOnlyDictionary<string, string>? Parameters);

    internal sealed record Approval(string? PlanHash);

    internal sealed record Answer([property: System.Text.Json.Serialization.JsonPropertyName("answer")] string? Text);
}
