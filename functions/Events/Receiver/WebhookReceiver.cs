using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Events;

/// <summary>One webhook request from proof to commit. Nothing is acknowledged before it is in the log, or counted as part of a storm.</summary>
public sealed class WebhookReceiver(
    ITenantSecrets secrets, IFleet fleet, EventDataKeys keys, EventLog events, StormGuard storms, SignsOfLife life, ReceiverCounts counts,
    IEventAlarms alarms, TokenHashes tokens, EventsOptions options, TimeProvider time, ILogger<WebhookReceiver> log)
{
    private const string Json = "application/json";
    private const int MaxContentType = 200;

    /// <summary>TurboZap's name of the event, dotted.</summary>
    private const string EventHeader = "X-Webhook-Event";

    /// <param name="suffix">Evolution's by-events suffix, e.g. <c>connection-update</c>; names the event when the body does not.</param>
    public Task<IActionResult> ReceiveAsync(HttpRequest request, string slug, string? suffix, CancellationToken cancellation) =>
        // Two ways, so that a request that nobody traces pays nothing for it.
        Traces.IsOn ? ReceiveTracedAsync(request, slug, suffix, cancellation) : TakeAsync(request, slug, suffix, cancellation);

    private async Task<IActionResult> ReceiveTracedAsync(HttpRequest request, string slug, string? suffix, CancellationToken cancellation)
    {
        using var span = Traces.Start("webhook", "receive", ActivityKind.Consumer);
        var answer = await TakeAsync(request, slug, suffix, cancellation);
        span?.SetTag("whatsops.answer", ((WebhookAnswer)answer).Name);
        return answer;
    }

    private async Task<IActionResult> TakeAsync(HttpRequest request, string slug, string? suffix, CancellationToken cancellation)
    {
        WebhookAnswer answer;
        try
        {
            answer = await AnswerAsync(request, slug, suffix, cancellation);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or BadHttpRequestException or IOException))
        {
            // Whatever went wrong is ours: the gateway must repeat, and only 5xx makes it.
            log.LogWarning("A webhook for {Slug} could not be taken: {Problem}", PhoneMask.Mask(slug), problem.Message);
            answer = WebhookAnswer.Unavailable;
        }

        counts.Count(answer);
        return answer;
    }

    private async ValueTask<WebhookAnswer> AnswerAsync(HttpRequest request, string slug, string? suffix, CancellationToken cancellation)
    {
        var receivedAt = EventRow.Arrival(time.GetUtcNow());
        var since = time.GetTimestamp();
        var candidates = await time.Within(secrets.ForSlugAsync(slug, cancellation));
        var tenant = WebhookProof.Find(request.Headers, candidates, receivedAt);
        if (tenant is null)
        {
            // Another process may have rotated, or added the tenant, a second ago; 401 would make Evolution drop the event for good.
            candidates = await secrets.ReadSinceAsync(slug, since, cancellation).WaitAsync(ReceiverPatience.Longest, time, cancellation);
            if (candidates.Count == 0) return WebhookAnswer.UnknownTenant;
            tenant = WebhookProof.Find(request.Headers, candidates, receivedAt);
            if (tenant is null)
            {
                foreach (var candidate in candidates) alarms.ProofFailed(candidate.System, candidate.Tenant);
                return WebhookAnswer.Refused;
            }
        }

        if ((await time.Within(fleet.CurrentAsync(cancellation)))?.System(tenant.System) is not { } system) return WebhookAnswer.UnknownTenant;
        var phones = await time.Within(keys.PhonesAsync(cancellation));
        var cipher = await time.Within(keys.ForDayAsync(DateOnly.FromDateTime(receivedAt.UtcDateTime), cancellation));

        using var body = await WebhookBody.ReadAsync(request, options.MaxBodyBytes, cancellation);
        var named = string.IsNullOrEmpty(suffix) ? request.Headers[EventHeader].ToString() : suffix;
        var envelope = EnvelopeReader.Read(body.Bytes.Span, options.MaxJsonDepth, phones, named, isWhole: !body.IsOversized);
        var place = Place(envelope, tenant, system.InstancePrefix + tenant.Tenant);
        if (Traces.IsOn) Describe(place);
        if (place.State.Length > 0 && storms.Absorb(place, receivedAt, envelope.GatewayTime)) return WebhookAnswer.Counted;

        var outcome = await events.AppendAsync(Row(envelope, body, place, receivedAt, cipher, system.Webhook.Forwards(), request.ContentType));
        if (place.IsForeign && outcome == StoreOutcome.Stored) alarms.ForeignInstance(place.System, place.Tenant, place.Instance, place.Event);
        if (!place.IsForeign && outcome == StoreOutcome.Stored && ForeignToken(envelope, body, place) is { } hash) alarms.ForeignToken(place.System, place.Tenant, place.Instance, hash, place.Event);
        if (place.State.Length > 0 && outcome == StoreOutcome.Stored) storms.Stored(place, receivedAt);
        return WebhookAnswer.Of(outcome, envelope.Problem);
    }

    private byte[]? ForeignToken(WebhookEnvelope envelope, WebhookBody body, StormPlace place) =>
        envelope is { Problem: null, Keys: [var (start, end), ..] } ? tokens.Mismatch(place.System, place.Tenant, place.Instance, body.Bytes.Span[start..end]) : null;

    private static void Describe(StormPlace place) =>
        Activity.Current?.SetTag("whatsops.system", place.System).SetTag("whatsops.tenant", place.Tenant).SetTag("whatsops.event", place.Event).SetTag("whatsops.state", place.State);

    private static StormPlace Place(WebhookEnvelope envelope, TenantWebhookSecret tenant, string ownInstance)
    {
        if (envelope.Instance is not { } instance) return new(tenant.System, tenant.Tenant, "", envelope.Event ?? "unknown", "", IsForeign: false);
        var isOwn = instance == ownInstance;
        // One string for one instance, not one per request. A foreign name may be a phone number, which must not stand in clear.
        return new(tenant.System, tenant.Tenant, isOwn ? ownInstance : PhoneMask.Mask(instance), envelope.Event ?? "unknown", envelope.State ?? "", IsForeign: !isOwn);
    }

    private EventRow Row(
        WebhookEnvelope envelope, WebhookBody body, StormPlace place, DateTimeOffset receivedAt, BodyCipher cipher, bool isForwarded, string? contentType)
    {
        var id = Guid.CreateVersion7(receivedAt);
        var isOwn = place.Instance.Length > 0 && !place.IsForeign;
        return new()
        {
            System = place.System,
            Tenant = place.Tenant,
            // Without a date_time nothing tells a repetition from a second event: better twice than lost.
            Key = envelope.Key ?? (envelope.Problem is null ? id : EnvelopeReader.RawKey(body.Sha256)),
            ReceivedAt = receivedAt,
            Id = id,
            Event = place.Event,
            Instance = place.Instance.Length == 0 ? null : place.Instance,
            IsForeign = place.IsForeign,
            GatewayTime = envelope.GatewayTime,
            State = envelope.State,
            Reason = envelope.Reason,
            Problem = envelope.Problem,
            Size = (int)Math.Min(body.Size, int.MaxValue),
            Phones = envelope.Phones,
            Body = body.IsOversized ? null : cipher.Encrypt(BodySecrets.Without(body.Bytes, envelope).Span, place.System, place.Tenant, id),
            IsSighting = isOwn && (envelope.State is not null || envelope.IsQrCode || life.IsDue(place.System, place.Instance, receivedAt)),
            IsQrCode = envelope.IsQrCode,
            MessageId = envelope.MessageId,
            // Another customer's events are nobody's to pass on.
            IsOwed = isForwarded && !place.IsForeign,
            Trace = Traces.Current,
            // Stored and passed on as the JSON that it is.
            ContentType = body.IsDecoded || contentType is null or Json || contentType.Length > MaxContentType ? null : contentType,
        };
    }
}
