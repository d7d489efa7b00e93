using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace WhatsOps.Events;

/// <summary>
/// The receiver's few answers, made once. Evolution repeats on everything but 2xx, 400, 401, 403, 404 and 422; on those it drops the event
/// for good, so only a proof that certainly does not fit gets one of them.
/// </summary>
internal sealed class WebhookAnswer : IActionResult
{
    public static readonly WebhookAnswer Stored = new("stored", 200);
    public static readonly WebhookAnswer Duplicate = new("duplicate", 200);
    public static readonly WebhookAnswer Counted = new("counted", 200);
    public static readonly WebhookAnswer StoredOversized = new("stored", 200, EnvelopeReader.Oversized);
    public static readonly WebhookAnswer StoredMalformed = new("stored", 200, EnvelopeReader.Malformed);
    public static readonly WebhookAnswer StoredTooDeep = new("stored", 200, EnvelopeReader.TooDeep);
    public static readonly WebhookAnswer Refused = new("refused", 401);
    public static readonly WebhookAnswer Empty = new("empty", 200);
    public static readonly WebhookAnswer UnknownSystem = new("unknown_system", 404);
    public static readonly WebhookAnswer UnknownTenant = new("unknown_tenant", 503, retryAfter: "60");
    public static readonly WebhookAnswer Overloaded = new("overloaded", 503, retryAfter: "5");
    public static readonly WebhookAnswer Unavailable = new("unavailable", 503, retryAfter: "10");
    public static readonly WebhookAnswer Rejected = new("rejected", 503, retryAfter: "300");

    private readonly int _status;
    private readonly string? _retryAfter;
    private readonly byte[] _body;

    private WebhookAnswer(string name, int status, string? problem = null, string? retryAfter = null)
    {
        Name = problem is null ? name : $"{name}_{problem}";
        _status = status;
        _retryAfter = retryAfter;
        _body = Encoding.UTF8.GetBytes(problem is null ? $$"""{"status":"{{name}}"}""" : $$"""{"status":"{{name}}","problem":"{{problem}}"}""");
    }

    /// <summary>For the counts.</summary>
    public string Name { get; }

    /// <param name="problem">Why what was stored could not be read; null when it could.</param>
    public static WebhookAnswer Of(StoreOutcome outcome, string? problem) => outcome switch
    {
        StoreOutcome.Stored => StoredAs(problem),
        StoreOutcome.Duplicate => Duplicate,
        StoreOutcome.Overloaded => Overloaded,
        StoreOutcome.Rejected => Rejected,
        _ => Unavailable,
    };

    private static WebhookAnswer StoredAs(string? problem) => problem switch
    {
        null => Stored,
        EnvelopeReader.Oversized => StoredOversized,
        EnvelopeReader.TooDeep => StoredTooDeep,
        _ => StoredMalformed,
    };

    public Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = _status;
        response.ContentType = "application/json";
        response.ContentLength = _body.Length;
        if (_retryAfter is not null) response.Headers.RetryAfter = _retryAfter;
        return response.BodyWriter.WriteAsync(_body, context.HttpContext.RequestAborted).AsTask();
    }
}
