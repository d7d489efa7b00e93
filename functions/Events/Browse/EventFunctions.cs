using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>The event log for people: newest first, without bodies, phone numbers masked.</summary>
public sealed class EventFunctions(IOperators operators, EventHistory history)
{
    [Function("ListEvents")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "events")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var events = await history.ListAsync(
            EventRequests.Text(request, "system"), EventRequests.Text(request, "tenant"), EventRequests.Cursor(request), EventRequests.Limit(request), cancellation);
        return new OkObjectResult(new EventPage(events, events.Count > 0 ? events[^1].Id.ToString() : null));
    }

    internal sealed record EventPage(IReadOnlyList<EventItem> Events, string? Before);
}
