using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Pairing by link: an operator makes one, the tenant's staff opens it without an account.</summary>
public sealed class PairingFunctions(IOperators operators, RunDesk runs, PairingLinks links, PairingDesk desk, PairingLimit limit)
{
    /// <summary>The one answer that holds the token.</summary>
    [Function("MakePairingLink")]
    public async Task<IActionResult> Make(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "runbooks/{id:guid}/link")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var link = await links.MakeAsync(await runs.GetAsync(id, cancellation), caller, cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return new ObjectResult(link) { StatusCode = StatusCodes.Status201Created };
    }

    [Function("PairingPage")]
    public async Task<IActionResult> Page(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pair/{token}")] HttpRequest request, string token, CancellationToken cancellation)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        Guard(request, nonce);
        if (!limit.Allows(token)) return TooMany(request);
        var text = PairingText.Of(request);
        return await desk.TenantAsync(token, cancellation) is { } tenant
            ? Html(PairingHtml.Page(tenant, text, nonce), StatusCodes.Status200OK)
            : Html(PairingHtml.Gone(text, nonce), StatusCodes.Status404NotFound);
    }

    /// <summary>JSON, or the picture alone with <c>Accept: image/png</c> (204 while there is none).</summary>
    [Function("PairingCode")]
    public async Task<IActionResult> Code(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "pair/{token}/code")] HttpRequest request, string token, CancellationToken cancellation)
    {
        Guard(request, null);
        if (!limit.Allows(token)) return TooMany(request);
        var view = await desk.ViewAsync(token, cancellation);
        if (view is null) return new ObjectResult(new { state = "over" }) { StatusCode = StatusCodes.Status404NotFound };
        if (!request.Headers.Accept.ToString().StartsWith("image/png", StringComparison.Ordinal)) return new OkObjectResult(view);
        return view.Qr is { } picture ? new FileContentResult(Convert.FromBase64String(picture[(picture.IndexOf(',', StringComparison.Ordinal) + 1)..]), "image/png") : new NoContentResult();
    }

    // The address is the secret: no cache, no index and no Referer may carry it on, and no other page may frame it.
    private static void Guard(HttpRequest request, string? nonce)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.Vary = "Accept, Accept-Language";
        headers.ContentSecurityPolicy = nonce is null
            ? "default-src 'none'; frame-ancestors 'none'"
            : $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static StatusCodeResult TooMany(HttpRequest request)
    {
        request.HttpContext.Response.Headers.RetryAfter = "60";
        return new StatusCodeResult(StatusCodes.Status429TooManyRequests);
    }

    private static ContentResult Html(string page, int status) => new() { Content = page, ContentType = "text/html; charset=utf-8", StatusCode = status };
}
