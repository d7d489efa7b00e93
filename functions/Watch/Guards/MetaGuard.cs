using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// A webhook of Meta's Cloud API: it echoes <c>hub.challenge</c> to whoever knows the verify token and to nobody else, and takes only events that the app's secret
/// has signed (<c>X-Hub-Signature-256</c>). WhatsApp Agent skips the signature when its secret is not set; TaktChat never asks for it.
/// </summary>
internal sealed class MetaGuard(WatchHttp http, string url, MetaWebhook meta, IFleet fleet)
{
    // Whole and empty: an event of nothing.
    private const string NoEvent = """{"object":"whatsapp_business_account","entry":[]}""";

    public async Task TryAsync(List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        if (meta.VerifyToken is { } reference) await ChallengeAsync(fleet.Resolve(reference), isKnown: true, measures, troubles, cancellation);
        await ChallengeAsync("whatsops-" + Challenge(), isKnown: false, measures, troubles, cancellation);
        await EventAsync("unsigned", null, measures, troubles, cancellation);
        await EventAsync("wrongly signed", Signature(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)), measures, troubles, cancellation);
        // A product that refuses everything would pass all of these.
        if (meta.AppSecret is { } secret)
            await EventAsync("rightly signed", Signature(HMACSHA256.HashData(Encoding.UTF8.GetBytes(fleet.Resolve(secret)), Encoding.UTF8.GetBytes(NoEvent))), measures, troubles, cancellation, isMetas: true);
    }

    private async Task ChallengeAsync(string token, bool isKnown, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation)
    {
        var challenge = Challenge();
        // Meta's own protocol puts the token into the query; nothing here writes addresses down.
        var answer = await http.AsStrangerAsync(HttpMethod.Get, url, $"{meta.Path}?hub.mode=subscribe&hub.verify_token={Uri.EscapeDataString(token)}&hub.challenge={challenge}", null, cancellation);
        var (subject, echoes) = (isKnown ? "challenge" : "wrong token", answer.Status is >= 200 and < 300 && Encoding.UTF8.GetString(answer.Body).Trim().Trim('"') == challenge);
        // Who is asked to wait was neither known nor refused.
        if (answer.Refusal is not null || answer.Status == 429)
        {
            troubles.Add(Unknown(subject, answer.Refusal?.Words ?? $"It answers {answer.Status}."));
            return;
        }

        measures.Add(new("guard.meta.echo", echoes ? 1 : 0, subject));
        if (isKnown && !echoes)
            troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"{meta.Path} does not echo Meta's challenge to the verify token of the fleet file (it answers {answer.Status}): Meta cannot subscribe. Is it the token that the product has?") { Subject = subject });
        if (!isKnown && echoes)
            troubles.Add(new(TroubleKinds.Exposed, Severity.High, $"{meta.Path} echoes the challenge whatever the verify token is: anybody can point an app of his own at it.") { Subject = subject });
    }

    private async Task EventAsync(string subject, string? signature, List<Measure> measures, List<Trouble> troubles, CancellationToken cancellation, bool isMetas = false)
    {
        using var content = new StringContent(NoEvent, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (signature is not null) content.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
        var answer = await http.AsStrangerAsync(HttpMethod.Post, url, meta.Path, content, cancellation);
        if (answer.Refusal is null) measures.Add(new("guard.meta.status", answer.Status, subject));
        if (answer.Refusal is not null || answer.Status is 429 or >= 500) troubles.Add(Unknown(subject, answer.Refusal?.Words ?? $"It answers {answer.Status}."));
        else if (answer.Status is 404 or 405) troubles.Add(new(TroubleKinds.Absent, Severity.High, $"{meta.Path} takes no events (it answers {answer.Status}).") { Subject = subject });
        else if (isMetas && answer.Status is < 200 or >= 300)
            troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"{meta.Path} does not take an event that the app's secret of the fleet file has signed (it answers {answer.Status}): Meta's events are lost. Is it the secret that the product has?") { Subject = subject });
        else if (!isMetas && answer.Status < 300)
            troubles.Add(new(TroubleKinds.Exposed, Severity.Critical, $"{meta.Path} takes events that are {subject}: anybody can write messages into the product. Set the app's secret, and no BYPASS_WEBHOOK_VALIDATION; where the product never checks, let only Meta's addresses through.") { Subject = subject });
    }

    private Trouble Unknown(string subject, string words) =>
        new(TroubleKinds.NotObservable, Severity.Low, $"How {meta.Path} treats a request that is {subject} is not known: {words}") { Subject = subject };

    private static string Signature(byte[] hash) => "sha256=" + Convert.ToHexStringLower(hash);

    private static string Challenge() => RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
}
