using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Checklists;

/// <summary>Tasks over HTTP, and their clock.</summary>
public sealed class TaskFunctions(IServiceProvider services, IFleet fleet, IOperators operators, MigrationService migrations)
{
    private const int MostTasks = 1000;

    [Function("TaskClock")]
    public async Task Run([TimerTrigger("50 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (migrations.Ready.IsCompletedSuccessfully) await services.GetRequiredService<TaskClock>().TickAsync(cancellation);
    }

    [Function("ListTasks")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        TaskState? state = null;
        if (request.Query.Text("state") is { } name)
            state = Enum.TryParse<TaskState>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var known) && !char.IsDigit(name[0])
                ? known : throw new ProblemException(400, $"{name} is no state of a task.", "state", "Use open, postponed, done, not_applicable, failed or missed.");
        var limit = 200;
        if (request.Query.Text("limit") is { } wanted && !(int.TryParse(wanted, out limit) && limit is > 0 and <= MostTasks))
            throw new ProblemException(400, $"The limit is not between 1 and {MostTasks}.", "limit");
        return new OkObjectResult(await Tasks.ListAsync(await SystemAsync(request.Query.Text("system"), "system", cancellation), state, limit, cancellation));
    }

    [Function("GetTask")]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "tasks/{id:guid}")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await Tasks.FindAsync(id, cancellation) ?? throw new ProblemException(404, $"There is no task {id}.", "id", "List them: whatsops tasks."));
    }

    [Function("SettleTask")]
    public async Task<IActionResult> Settle([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tasks/{id:guid}/outcome")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var said = await JsonBody.ReadAsync<TaskOutcome>(request, cancellation) ?? new TaskOutcome(null, null, null);
        return new OkObjectResult(await services.GetRequiredService<TaskDesk>().SettleAsync(id, said, caller, cancellation));
    }

    /// <summary>Body <c>{"system":"…","finding":12}</c>; answers the five tasks, also when they were started before.</summary>
    [Function("StartEmergency")]
    public async Task<IActionResult> StartEmergency([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tasks/emergency")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var body = await JsonBody.ReadAsync<EmergencyRequest>(request, cancellation);
        var system = await SystemAsync(body?.System, "$.system", cancellation) ?? throw new ProblemException(400, "$.system is missing.", "$.system", "Send {\"system\": \"…\", \"finding\": 12}.");
        var finding = body!.Finding ?? throw new ProblemException(400, "$.finding is missing.", "$.finding", "whatsops findings shows the numbers.");
        return new OkObjectResult(await services.GetRequiredService<Emergency>().StartAsync(system, finding, caller, cancellation));
    }

    // The generated code of the official host makes function classes public, the store is not.
    private TaskStore Tasks => services.GetRequiredService<TaskStore>();

    private async Task<string?> SystemAsync(string? name, string field, CancellationToken cancellation) =>
        name is null || (await fleet.CurrentAsync(cancellation))?.System(name) is not null ? name : throw new ProblemException(404, $"The fleet has no system {name}.", field, "List them: whatsops fleet show.");

    internal sealed record EmergencyRequest(string? System, long? Finding);
}
