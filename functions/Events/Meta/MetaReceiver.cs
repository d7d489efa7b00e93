using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Events;

/// <summary>
/// One delivery of Meta's Cloud API from signature to commit. Meta repeats whatever is not answered 2xx, for days; so only what is committed is acknowledged.
/// </summary>
public sealed class MetaReceiver(
    IFleet fleet, EventDataKeys keys, EventLog events, ReceiverCounts counts, IEventAlarms alarms, EventsOptions options, TimeProvider time, ILogger<MetaReceiver> log)
{
    // Meta sends 3 MB at most. A signature is known to fit only after the last byte: a stranger may not have more hashed than this.
    private const int MostBytes = 4 * 1024 * 1024;

    public async Task<IActionResult> ReceiveAsync(HttpRequest request, string system, CancellationToken cancellation)
    {
        using var span = Traces.Start("webhook", "receive", ActivityKind.Consumer);
        WebhookAnswer answer;
        try
        {
            answer = await AnswerAsync(request, system, cancellation);
        }
        catch (Exception problem) when (problem is not (OperationCanceledException or BadHttpRequestException or IOException))
        {
            log.LogWarning("A webhook of Meta's for {System} could not be taken: {Problem}", PhoneMask.Mask(system), problem.Message);
            answer = WebhookAnswer.Unavailable;
        }

        span?.SetTag("whatsops.answer", answer.Name);
        counts.Count(answer);
        return answer;
    }

    private async Task<WebhookAnswer> AnswerAsync(HttpRequest request, string name, CancellationToken cancellation)
    {
        var receivedAt = EventRow.Arrival(time.GetUtcNow());
        if (await time.Within(fleet.CurrentAsync(cancellation)) is not { } current) return WebhookAnswer.Unavailable;
        if (current.System(name) is not { Meta: { } app } system) return WebhookAnswer.UnknownSystem;
        using var proof = MetaProof.Of(request.Headers[MetaProof.Header].ToString(), Secrets(app));
        if (proof is null) return Refuse(system);
        using var body = await WebhookBody.ReadAsync(request, options.MaxBodyBytes, cancellation, Math.Max(MostBytes, options.MaxBodyBytes), proof.Macs);
        if (!proof.Fits()) return Refuse(system);
        Activity.Current?.SetTag("whatsops.system", system.Name);

        var phones = await time.Within(keys.PhonesAsync(cancellation));
        var cipher = await time.Within(keys.ForDayAsync(DateOnly.FromDateTime(receivedAt.UtcDateTime), cancellation));
        var read = body.IsOversized ? MetaBody.Unread(EnvelopeReader.Oversized) : MetaReader.Read(body.Bytes, options.MaxJsonDepth, phones);
        if (read.Problem is not null) return WebhookAnswer.Of(await events.AppendAsync(Row(read.Problem, body, system.Name, receivedAt, cipher)), read.Problem);
        if (read.Changes.Count == 0) return WebhookAnswer.Empty;
        // Together, so that one commit takes them all.
        var outcomes = await Task.WhenAll(read.Changes.Select(change => events.AppendAsync(Row(change, system.Name, receivedAt, cipher))));
        // What is worst for one decides: Meta repeats the whole, and what is stored of it is known then.
        return WebhookAnswer.Of(outcomes.MaxBy(Weight), null);
    }

    private WebhookAnswer Refuse(FleetSystem system)
    {
        alarms.ProofFailed(system.Name, null);
        return WebhookAnswer.Refused;
    }

    private List<string> Secrets(MetaApp app)
    {
        List<string> secrets = [fleet.Resolve(app.AppSecret)];
        try
        {
            if (app.PreviousAppSecret is { } previous) secrets.Add(fleet.Resolve(previous));
        }
        catch (MissingSecretException problem)
        {
            // Taken out of the environment sooner than out of the file: that must not cost the events that the current one signs.
            log.LogWarning("The previous secret of Meta's app does not count: {Problem}", problem.Message);
        }

        return secrets;
    }

    private static int Weight(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Duplicate => 0,
        StoreOutcome.Stored => 1,
        StoreOutcome.Rejected => 2,
        StoreOutcome.Overloaded => 3,
        _ => 4,
    };

    private static EventRow Row(MetaChange change, string system, DateTimeOffset receivedAt, BodyCipher cipher)
    {
        var id = Guid.CreateVersion7(receivedAt);
        return new()
        {
            System = system,
            Tenant = change.Account,
            Key = change.Key,
            ReceivedAt = receivedAt,
            Id = id,
            Event = change.Event,
            Instance = change.Line,
            GatewayTime = change.Time,
            Size = change.Body.Length,
            Phones = change.Phones,
            Body = cipher.Encrypt(change.Body, system, change.Account, id),
            Trace = Traces.Current,
        };
    }

    private static EventRow Row(string problem, WebhookBody body, string system, DateTimeOffset receivedAt, BodyCipher cipher)
    {
        var id = Guid.CreateVersion7(receivedAt);
        return new()
        {
            System = system,
            Tenant = MetaChange.NoAccount,
            Key = EnvelopeReader.RawKey(body.Sha256),
            ReceivedAt = receivedAt,
            Id = id,
            Event = MetaChange.NoField,
            Problem = problem,
            Size = (int)Math.Min(body.Size, int.MaxValue),
            Body = body.IsOversized ? null : cipher.Encrypt(BodySecrets.Without(body.Bytes, new() { Problem = problem }).Span, system, MetaChange.NoAccount, id),
            Trace = Traces.Current,
        };
    }
}
