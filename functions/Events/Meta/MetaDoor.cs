using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>
/// Meta's question before it delivers anything: whoever knows the verify token gets <c>hub.challenge</c> back, and nobody else. Nothing of the query is ever
/// written down.
/// </summary>
public sealed class MetaDoor(IFleet fleet)
{
    // Meta's has ten digits. Longer ones would make a mirror of the door.
    private const int MaxChallenge = 200;

    public async Task<IActionResult> VerifyAsync(HttpRequest request, string system, CancellationToken cancellation)
    {
        if ((await fleet.CurrentAsync(cancellation))?.System(system)?.Meta is not { } app) return new NotFoundResult();
        var (mode, token, challenge) = (request.Query["hub.mode"].ToString(), request.Query["hub.verify_token"].ToString(), request.Query["hub.challenge"].ToString());
        if (mode != "subscribe" || challenge.Length is 0 or > MaxChallenge || !WebhookProof.Same(token, fleet.Resolve(app.VerifyToken))) return new StatusCodeResult(StatusCodes.Status403Forbidden);
        request.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return new ContentResult { Content = challenge, ContentType = "text/plain; charset=utf-8", StatusCode = StatusCodes.Status200OK };
    }
}
