using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>When a canary may be sent, when it is due, and what it tells.</summary>
internal static class CanaryRules
{
    /// <summary>Evolution tells of a message it sent under this name only; MESSAGES_UPSERT is what others wrote.</summary>
    public const string EchoEvent = "SEND_MESSAGE";

    /// <summary>How long sending may take: an answer that is missing after it will not come (the gateway's client gives up before).</summary>
    public static readonly TimeSpan Sending = TimeSpan.FromMinutes(2);

    /// <summary>A webhook of the gateway within this time shows that they arrive.</summary>
    public static readonly TimeSpan Arriving = TimeSpan.FromMinutes(15);

    /// <summary>A verdict says nothing any more after this.</summary>
    public static readonly TimeSpan Outdated = TimeSpan.FromDays(8);

    /// <summary>A zombie within this time of the last is the same trouble, not another.</summary>
    public static readonly TimeSpan SameTrouble = TimeSpan.FromHours(24);

    /// <summary>Whether the webhook as it really is tells us of what the instance sends.</summary>
    /// <param name="real">Null: none is set, or it cannot be read. Without headers (1.x sends none) the receiver refuses what comes.</param>
    public static bool ExpectsEcho(WebhookSettings? real, string? receiver) =>
        real is { Enabled: true, Headers.Count: > 0 } && real.Url == receiver && (real.Events.Count == 0 || real.Events.Contains(EchoEvent));

    /// <summary>Whether silence may be judged now; an echo may be at any time.</summary>
    public static bool IsDue(Canary canary, CanaryOptions? options, DateTimeOffset now) => canary.AnsweredAt is { } answered
        ? now - answered >= TimeSpan.FromSeconds((options ?? new()).WaitSeconds)
        : now - canary.ClaimedAt >= Sending;

    /// <summary>The youngest canary of the instance that forbids another: none after this time may exist. Null: none may be sent at all.</summary>
    /// <param name="judged">The last judged one.</param>
    public static DateTimeOffset? MayFollow(Canary? pending, Canary? judged, InstanceStatus status, CanaryOptions options, DateTimeOffset now)
    {
        if (pending is not null) return null;
        // The verdict was about a session that is over: whether the new one lives is not known.
        if (judged is { Verdict: CanaryVerdict.Zombie }) return IsRenewed(judged, status) ? judged.ClaimedAt : null;
        var since = now - TimeSpan.FromHours(options.PerInstanceHours);
        return judged?.ClaimedAt > since ? null : since;
    }

    /// <summary>Whether the canary before the last one showed a zombie, too, and lately: what was done in between did not help.</summary>
    /// <param name="judged">Newest first.</param>
    public static bool WasZombieBefore(IReadOnlyList<Canary> judged) =>
        judged is [var last, { Verdict: CanaryVerdict.Zombie } before, ..] && last.ClaimedAt - before.ClaimedAt < SameTrouble;

    public static bool IsRenewed(Canary judged, InstanceStatus status) => status.Since > judged.JudgedAt;

    /// <summary>Whether a verdict of zombie still holds: open ever since, and not heard of.</summary>
    /// <param name="lastTraffic">Not counting states and QR codes; null: none for days.</param>
    public static bool Stands(Canary judged, InstanceStatus status, DateTimeOffset? lastTraffic, DateTimeOffset now) =>
        judged is { Verdict: CanaryVerdict.Zombie, JudgedAt: { } at } && now - at < Outdated && status.State == InstanceState.Open && !(lastTraffic > judged.ClaimedAt);

    public static CanaryJudgement Judge(Canary canary, CanaryFacts facts) => (canary.Answer, facts) switch
    {
        (_, { Echo: { } echo }) => new(CanaryVerdict.Alive, $"{echo} told of the canary: the session lives and its webhooks arrive."),
        (null, _) => new(CanaryVerdict.Inconclusive, "WhatsOps stopped while it was sending, so whether the canary left is not known."),
        (SelfMessageResult.NotSent, _) => new(CanaryVerdict.Inconclusive, $"No canary was sent: {canary.Detail}."),
        (_, { State: not { IsSeen: true } }) => new(CanaryVerdict.Inconclusive, "The gateway does not tell the instance's state."),
        (_, { State.Value: not InstanceState.Open }) => new(CanaryVerdict.Inconclusive, $"The instance is {facts.State!.Value.ToName()} by now."),
        (SelfMessageResult.Refused, _) => new(CanaryVerdict.Zombie, $"The gateway says open and refuses to send a text: {canary.Detail}."),
        (SelfMessageResult.Unanswered, _) => new(CanaryVerdict.Zombie, $"The gateway says open, answers, and does not send a text: {canary.Detail}."),
        (_, _) when canary.MessageId is null => new(CanaryVerdict.Inconclusive, "The gateway accepted a text without saying its id, so no webhook can be told to be about it."),
        (_, _) when !canary.ExpectsEcho => new(CanaryVerdict.Inconclusive, $"The gateway accepted a text, but the instance's webhook does not tell us of what it sends ({EchoEvent})."),
        (_, { AreEventsArriving: false }) => new(CanaryVerdict.Inconclusive,
            string.Create(CultureInfo.InvariantCulture, $"The gateway accepted a text and no webhook told of it; but no webhook of the whole gateway came for {Arriving.TotalMinutes:0} minutes, so that proves nothing.")),
        _ => new(CanaryVerdict.Zombie, "The gateway accepted a text and no webhook told of it, while webhooks of the gateway arrive."),
    };
}
