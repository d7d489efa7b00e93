using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace WhatsOps.ConformanceApp;

/// <summary>The orchestrations over HTTP, by the client that the host hands in.</summary>
public sealed class Control
{
    [Function("Start")]
    public async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "orchestrations/{name}/{id}")] HttpRequest request,
        string name,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        var input = await JsonSerializer.DeserializeAsync<JsonElement?>(request.Body, cancellationToken: cancellation);
        var started = await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id), cancellation);
        return new AcceptedResult((string?)null, new { id = started });
    }

    [Function("Status")]
    public async Task<IActionResult> Status(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "orchestrations/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation) is not { } instance)
            return new NotFoundObjectResult(request.Path.Value);
        return new OkObjectResult(new
        {
            name = instance.Name,
            status = instance.RuntimeStatus.ToString(),
            output = Json(instance.SerializedOutput),
            custom = Json(instance.SerializedCustomStatus),
            error = instance.FailureDetails?.ErrorMessage,
            errorType = instance.FailureDetails?.ErrorType,
        });
    }

    [Function("Command")]
    public async Task<IActionResult> Command(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "orchestrations/{id}/commands/{command}/{name?}")] HttpRequest request,
        string id,
        string command,
        string? name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        switch (command)
        {
            case "raise":
                await client.RaiseEventAsync(id, name!, await request.ReadFromJsonAsync<JsonElement>(cancellation), cancellation);
                break;
            case "terminate":
                await client.TerminateInstanceAsync(id, "stopped by the suite", cancellation);
                break;
            case "suspend":
                await client.SuspendInstanceAsync(id, "paused by the suite", cancellation);
                break;
            case "resume":
                await client.ResumeInstanceAsync(id, "resumed by the suite", cancellation);
                break;
            case "purge":
                return new OkObjectResult((await client.PurgeInstanceAsync(id, cancellation)).PurgedInstanceCount);
            default:
                return new BadRequestObjectResult(command);
        }

        return new AcceptedResult();
    }

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}
