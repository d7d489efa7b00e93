using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WhatsOps.Embedded.Durable;
using WhatsOps.Embedded.Functions;
using WhatsOps.Embedded.Hosting;
using WhatsOps.Embedded.Http;

namespace WhatsOps.Embedded.Management;

/// <summary>
/// Orchestration management as the official durable extension shapes it (paths, status codes, field names), without history.
/// </summary>
internal sealed class DurableApi(DurableTaskClient client, IDurableFunctions functions, HttpKeys keys)
{
    private const string Root = "/runtime/webhooks/durabletask";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Root + "/instances", Guard(ListAsync));
        endpoints.MapGet(Root + "/instances/{id}", Guard(StatusAsync));
        endpoints.MapPost(Root + "/instances/{id}/raiseEvent/{name}", Guard(RaiseEventAsync));
        endpoints.MapPost(Root + "/instances/{id}/terminate", Guard(http =>
            ChangeAsync(http, id => client.TerminateInstanceAsync(id, (object?)Reason(http), http.RequestAborted))));
        endpoints.MapPost(Root + "/instances/{id}/suspend", Guard(http =>
            ChangeAsync(http, id => client.SuspendInstanceAsync(id, Reason(http), http.RequestAborted))));
        endpoints.MapPost(Root + "/instances/{id}/resume", Guard(http =>
            ChangeAsync(http, id => client.ResumeInstanceAsync(id, Reason(http), http.RequestAborted))));
        endpoints.MapDelete(Root + "/instances/{id}", Guard(PurgeAsync));
        endpoints.MapDelete(Root + "/instances", Guard(PurgeManyAsync));
        endpoints.MapPost(Root + "/orchestrators/{name}/{id?}", Guard(StartAsync));
    }

    private RequestDelegate Guard(RequestDelegate next) => keys.Guard(async http =>
    {
        try
        {
            await next(http);
        }
        catch (InvalidInputException e)
        {
            await HttpResults.WriteProblemAsync(http, http.Response.StatusCode = StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (DatabaseErrors.IsUnavailable(e))
        {
            http.Response.Headers.RetryAfter = "5";
            await HttpResults.WriteProblemAsync(
                http, http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable, "The durable engine is not available.");
        }
    });

    private async Task StatusAsync(HttpContext http)
    {
        var id = Id(http);
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, http.RequestAborted) is not { } instance)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!instance.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            http.Response.Headers.Location = $"{Address(http.Request)}/{Uri.EscapeDataString(id)}";
            http.Response.Headers.RetryAfter = "10";
        }

        await http.Response.WriteAsJsonAsync(Describe(instance, showInput: !IsFalse(http, "showInput")), http.RequestAborted);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = new OrchestrationQuery(
            CreatedFrom: Time(http, "createdTimeFrom"),
            CreatedTo: Time(http, "createdTimeTo"),
            Statuses: Statuses(http),
            InstanceIdPrefix: http.Request.Query["instanceIdPrefix"].FirstOrDefault(),
            PageSize: Top(http),
            FetchInputsAndOutputs: true,
            ContinuationToken: http.Request.Headers["x-ms-continuation-token"].FirstOrDefault());
        var showInput = string.Equals(http.Request.Query["showInput"], "true", StringComparison.OrdinalIgnoreCase);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize).WithCancellation(http.RequestAborted))
        {
            if (page.ContinuationToken is { } more)
                http.Response.Headers["x-ms-continuation-token"] = more;
            await http.Response.WriteAsJsonAsync(page.Values.Select(instance => Describe(instance, showInput)), http.RequestAborted);
            return;
        }

        await http.Response.WriteAsJsonAsync(Array.Empty<object>(), http.RequestAborted);
    }

    private Task RaiseEventAsync(HttpContext http) => ChangeAsync(http, async id =>
        await client.RaiseEventAsync(id, (string)http.Request.RouteValues["name"]!, await BodyAsync(http), http.RequestAborted));

    private async Task StartAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        if (!functions.HasOrchestrator(name))
            throw new InvalidInputException($"There is no orchestrator named {name}.");
        var options = http.Request.RouteValues["id"] is string wanted ? new StartOrchestrationOptions(wanted) : null;
        var id = await client.ScheduleNewOrchestrationInstanceAsync(new TaskName(name), await BodyAsync(http), options, http.RequestAborted);
        var address = $"{Address(http.Request)}/{Uri.EscapeDataString(id)}";
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.Headers.Location = address;
        // The official payload carries the system key in these addresses; keys do not travel in addresses here.
        await http.Response.WriteAsJsonAsync(new
        {
            id,
            statusQueryGetUri = address,
            sendEventPostUri = address + "/raiseEvent/{eventName}",
            terminatePostUri = address + "/terminate?reason={text}",
            suspendPostUri = address + "/suspend?reason={text}",
            resumePostUri = address + "/resume?reason={text}",
            purgeHistoryDeleteUri = address,
        }, http.RequestAborted);
    }

    /// <summary>404 for an instance that is not there, 410 for one that is over, 202 otherwise.</summary>
    private async Task ChangeAsync(HttpContext http, Func<string, Task> change)
    {
        var id = Id(http);
        var instance = await client.GetInstanceAsync(id, http.RequestAborted);
        if (instance is { IsCompleted: false })
            await change(id);
        http.Response.StatusCode = instance switch
        {
            null => StatusCodes.Status404NotFound,
            { IsCompleted: true } => StatusCodes.Status410Gone,
            _ => StatusCodes.Status202Accepted,
        };
    }

    private async Task PurgeAsync(HttpContext http)
    {
        var purged = await client.PurgeInstanceAsync(Id(http), http.RequestAborted);
        await AnswerPurgedAsync(http, purged);
    }

    private async Task PurgeManyAsync(HttpContext http)
    {
        if (Time(http, "createdTimeFrom") is not { } from)
            throw new InvalidInputException("createdTimeFrom is required.");
        var purged = await client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(from, Time(http, "createdTimeTo"), Statuses(http)), http.RequestAborted);
        await AnswerPurgedAsync(http, purged);
    }

    private static async Task AnswerPurgedAsync(HttpContext http, PurgeResult purged)
    {
        if (purged.PurgedInstanceCount == 0)
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        else
            await http.Response.WriteAsJsonAsync(new { instancesDeleted = purged.PurgedInstanceCount }, http.RequestAborted);
    }

    private static object Describe(OrchestrationMetadata instance, bool showInput) => new
    {
        name = instance.Name,
        instanceId = instance.InstanceId,
        runtimeStatus = instance.RuntimeStatus.ToString(),
        input = showInput ? Node(instance.SerializedInput) : null,
        customStatus = Node(instance.SerializedCustomStatus),
        output = instance.FailureDetails is { } failure ? JsonValue.Create(failure.ErrorMessage) : Node(instance.SerializedOutput),
        createdTime = instance.CreatedAt.UtcDateTime,
        lastUpdatedTime = instance.LastUpdatedAt.UtcDateTime,
    };

    private static JsonNode? Node(string? json) => json is null ? null : JsonNode.Parse(json);

    private static async Task<JsonNode?> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength is 0 or null && !http.Request.Headers.ContainsKey("Transfer-Encoding"))
            return null;
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException("The body is not JSON.", e);
        }
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static string? Reason(HttpContext http) => http.Request.Query["reason"].FirstOrDefault();

    private static string Address(HttpRequest request) => $"{request.Scheme}://{request.Host}{Root}/instances";

    private static bool IsFalse(HttpContext http, string name) =>
        string.Equals(http.Request.Query[name], "false", StringComparison.OrdinalIgnoreCase);

    private static int Top(HttpContext http) => http.Request.Query["top"].FirstOrDefault() is not { } text ? 100
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top is > 0 and <= 1000 ? top
        : throw new InvalidInputException("top must be a number from 1 to 1000.");

    private static DateTimeOffset? Time(HttpContext http, string name) => http.Request.Query[name].FirstOrDefault() is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new InvalidInputException($"{name} is not a time (ISO 8601).");

    private static OrchestrationRuntimeStatus[]? Statuses(HttpContext http)
    {
        var names = http.Request.Query["runtimeStatus"].SelectMany(value => value?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? []).ToArray();
        return names.Length == 0 ? null : [.. names.Select(name =>
            Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && Enum.IsDefined(status)
                ? status : throw new InvalidInputException($"'{name}' is not a runtime status."))];
    }
}
