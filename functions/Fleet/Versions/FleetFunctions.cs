using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Fleet;

/// <summary>The fleet over HTTP: show, validate, apply, history.</summary>
public sealed class FleetFunctions(IFleetVersions versions, IOperators operators, IFleet fleet)
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The whole file for approvers, who edit and apply it again; for everybody else without the hashes of the operators' keys.</summary>
    [Function("ShowFleet")]
    public async Task<IActionResult> ShowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fleet")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var text = await versions.TextAsync(cancellation);
        var current = await fleet.CurrentAsync(cancellation) ?? throw new ProblemException(404, "No fleet is applied yet.", null, "PUT api/fleet");
        var document = JsonNode.Parse(text!)!.AsObject();
        IReadOnlyList<string> leftOut = caller.Role >= OperatorRole.Approver ? [] : LeaveOutKeyHashes(document);
        return new OkObjectResult(new FleetView(current.Version, current.AppliedAt, current.AppliedBy, leftOut, document));
    }

    [Function("FleetVersions")]
    public async Task<IActionResult> VersionsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fleet/versions")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(new FleetHistory(await versions.ListAsync(100, cancellation)));
    }

    [Function("ValidateFleet")]
    public async Task<IActionResult> ValidateAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "fleet/validate")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var checkedFile = versions.Validate(await BodyAsync(request, cancellation));
        return new OkObjectResult(new FleetVerdict(checkedFile.Problems.Count == 0, checkedFile.Problems, checkedFile.Warnings));
    }

    [Function("ApplyFleet")]
    public async Task<IActionResult> ApplyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "fleet")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        var applied = await versions.ApplyAsync(await BodyAsync(request, cancellation), caller.Name, onlyFirst: false, cancellation);
        if (applied.Problems is not [var first, ..]) return new OkObjectResult(applied);
        // The whole list in the sentence too: a client that knows only {error, field, fix} still shows every problem.
        return new BadRequestObjectResult(new
        {
            error = $"The fleet file has {applied.Problems.Count} problem{(applied.Problems.Count == 1 ? "" : "s")}; what was in force stays in force.\n{string.Join('\n', applied.Problems)}",
            field = (string?)null, fix = first.Fix, applied.Problems,
        });
    }

    // Left out, not masked: a document that lacks them is refused with their paths when somebody applies it.
    private static List<string> LeaveOutKeyHashes(JsonObject document)
    {
        var people = document["operators"]?.AsArray() ?? [];
        return [.. people.Select((person, index) => (person, index)).Where(item => item.person!.AsObject().Remove("keyHash")).Select(item => $"$.operators[{item.index}].keyHash")];
    }

    private static async Task<string> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes) throw TooLarge();
        using var reader = new StreamReader(request.Body);
        var buffer = new char[MaxBytes + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellation);
        return length <= MaxBytes ? new string(buffer, 0, length) : throw TooLarge();
    }

    internal sealed record FleetView(long Version, DateTimeOffset AppliedAt, string AppliedBy, IReadOnlyList<string> LeftOut, JsonObject Document);

    internal sealed record FleetHistory(IReadOnlyList<AppliedFleet> Versions);

    internal sealed record FleetVerdict(bool Valid, IReadOnlyList<FleetProblem> Problems, IReadOnlyList<FleetProblem> Warnings);

    private static ProblemException TooLarge() => new(400, "The fleet file is larger than 1 MB.", "$", "A fleet file describes systems, not tenants: those are read from the product.");
}
