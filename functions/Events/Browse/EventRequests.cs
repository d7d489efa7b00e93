using System.Globalization;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Reads what a caller asked of the event log; a problem names the parameter and the fix.</summary>
internal static class EventRequests
{
    public static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    public static EventCursor? Cursor(HttpRequest request) => Text(request, "before") switch
    {
        null => null,
        var text when EventCursor.TryParse(text, out var cursor) => cursor,
        _ => throw new ProblemException(400, "before is neither an event's id nor a time.", "before", "Send the before of the last page, or a time like 2026-01-31T12:00:00Z."),
    };

    public static int Limit(HttpRequest request) => Text(request, "limit") switch
    {
        null => 100,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 1000 => limit,
        _ => throw new ProblemException(400, "limit is not a number from 1 to 1000.", "limit"),
    };
}
