using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using WhatsOps.Findings;

namespace WhatsOps.Alerts;

/// <summary>The page behind a link: what is wrong, and either a button or what has become of it. No script, nothing from elsewhere.</summary>
internal static class AcknowledgePage
{
    public static ContentResult Ask(HttpResponse response, AlertTexts texts, Finding finding) => Page(
        response, StatusCodes.Status200OK, texts, finding,
        $"<p>{Encoded(texts.LinkAsk)}</p><form method=\"post\"><button style=\"font-size:1.2em;padding:.5em 1em\">{Encoded(texts.Acknowledge)}</button></form>");

    public static ContentResult Say(HttpResponse response, int status, AlertTexts texts, Finding? finding, string sentence) =>
        Page(response, status, texts, finding, $"<p><strong>{Encoded(sentence)}</strong></p>");

    private static ContentResult Page(HttpResponse response, int status, AlertTexts texts, Finding? finding, string end)
    {
        // The address is the key: it must stay in no cache, no history of another site and no frame.
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Frame-Options"] = "DENY";
        response.Headers["X-Robots-Tag"] = "noindex";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        var what = finding is null
            ? ""
            : $"<h1>{Encoded(finding.Kind)}</h1><p>{Encoded($"{finding.System}{(finding.Tenant ?? finding.Gateway) switch { { } place => $" / {place}", null => "" }}, {texts.SeverityName(finding.Severity)}")}</p><p>{Encoded(texts.CauseOf(finding))}</p>";
        return new()
        {
            StatusCode = status,
            ContentType = "text/html; charset=utf-8",
            Content = $"<!doctype html><html lang=\"{texts.Html}\"><head><meta name=\"viewport\" content=\"width=device-width\"><title>WhatsOps</title></head><body style=\"font-family:sans-serif;margin:2em\">{what}{end}</body></html>",
        };
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
