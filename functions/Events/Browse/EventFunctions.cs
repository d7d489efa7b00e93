using System.Globalization;
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
            Text(request, "system"), Text(request, "tenant"), Cursor(request), Limit(request), cancellation);
        return new OkObjectResult(new { events, before = events.Count > 0 ? events[^1].Id.ToString() : null });
    }

    private static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static EventCursor? Cursor(HttpRequest request) => Text(request, "before") switch
    {
        null => null,
        var text when EventCursor.TryParse(text, out var cursor) => cursor,
        _ => throw new ProblemException(400, "before is neither an event's id nor a time.", "before", "Send the before of the last page, or a time like 2026-01-31T12:00:00Z."),
    };

    private static int Limit(HttpRequest request) => Text(request, "limit") switch
    {
        null => 100,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 1000 => limit,
        _ => throw new ProblemException(400, "limit is not a number from 1 to 1000.", "limit"),
    };
}
