using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>
/// What is wrong with one instance (R-055, R-056, R-062, R-095…R-098). Exactly one finding tells its state; churn, instability and a lying
/// list may come on top.
/// </summary>
internal static class InstanceRules
{
    // Reconnecting has been tried by then, four or five times where a policy does it unasked.
    private static readonly TimeSpan MildMeansFor = TimeSpan.FromHours(1);

    public static IEnumerable<ObservedFinding> Judge(string system, InstanceFacts facts, SystemThresholds thresholds, DateTimeOffset now)
    {
        if (StateFinding(system, facts, thresholds, now) is { } state) yield return state;

        if (facts.QrCodes > thresholds.QrCodesPerHour)
            yield return Finding(system, facts, "instance_qr_churn", Severity.Medium,
                $"{facts.QrCodes} QR codes were shown within an hour and nobody finished pairing; at 30 the gateway gives up.",
                Remedies.Reauthenticate, ("qr_codes", Text(facts.QrCodes)), ("threshold", Text(thresholds.QrCodesPerHour)));

        if (facts.Disconnections > thresholds.Disconnections)
            yield return Finding(system, facts, "instance_unstable", Severity.Medium,
                $"{facts.Disconnections} disconnections within {thresholds.DisconnectionWindowHours} hours; look at the phone's network, another device on the account, or the gateway's egress.",
                null, ("disconnections", Text(facts.Disconnections)), ("threshold", Text(thresholds.Disconnections)), ("window_hours", Text(thresholds.DisconnectionWindowHours)));

        if (facts is { Listed: { } listed, Direct: { Outcome: Outcome.Seen or Outcome.Absent }, State: { } real } && listed.State != real)
            yield return Finding(system, facts, "instance_state_contradiction", listed.State == InstanceState.Open ? Severity.Low : Severity.Info,
                $"The gateway's list says {States.Name(listed.State)}, a direct look says {States.Name(real)}; the direct look counts.",
                null, ("listed", States.Name(listed.State)), ("direct", States.Name(real)));
    }

    /// <summary>A failing instance is down now, whoever is to blame; used to tell one gateway incident from many tenant incidents.</summary>
    public static bool IsFailing(InstanceFacts facts) => facts.IsMissing || facts.IsUnreadable || facts is { IsUnconfirmed: false, State: not (InstanceState.Open or InstanceState.Paired) };

    private static ObservedFinding? StateFinding(string system, InstanceFacts facts, SystemThresholds thresholds, DateTimeOffset now)
    {
        if (facts.IsUnreadable)
            return Finding(system, facts, "instance_unreadable", Severity.High,
                $"The gateway answers, but not for this instance: {facts.Direct!.Detail ?? "no reason given"}.", null, ("outcome", facts.Direct.Outcome.ToString().ToLowerInvariant()));
        if (facts.IsMissing)
            return Finding(system, facts, "instance_missing", Severity.High,
                $"Instance {facts.Instance} does not exist on gateway {facts.Gateway}{(facts.IsUnconfirmed ? " (by its list; not yet looked at directly)" : "")}.",
                Remedies.CreateInstance, ("state", "absent"));
        if (facts.IsUnconfirmed) return null;
        return facts.State switch
        {
            // Paired: the gateway itself has the finding (gateway_liveness_unknown).
            InstanceState.Open or InstanceState.Paired => null,
            InstanceState.Connecting => Connecting(system, facts, thresholds, now),
            InstanceState.NotLoaded => Finding(system, facts, "instance_not_loaded", Severity.Medium,
                "The gateway has the instance in its database but not in memory: it is starting up, or lost the instance. If it stays, restart the gateway.",
                Remedies.RestartInstance, ("state", "not_loaded"), ("listed", States.Name(facts.Listed?.State))),
            InstanceState.Close when Terminal(facts) is { } reason => Finding(system, facts, "instance_logged_out", Severity.High,
                $"WhatsApp ended the session for good (reason {reason}{Meaning(reason)}); only pairing again helps.",
                Remedies.Reauthenticate, ("state", "close"), ("reason", Text(reason)), ("disconnected_at", Time(facts.Listed?.DisconnectedAt))),
            InstanceState.Close when facts.Listed is { MustPair: true } => Finding(system, facts, "instance_logged_out", Severity.High,
                "The gateway has no device of the instance: it was logged out, or never paired. Only pairing helps.", Remedies.Reauthenticate, ("state", "close"), ("device", "none")),
            var state => Finding(system, facts, "instance_not_open", Severity.Medium,
                $"WhatsApp is not connected: the instance is {States.Name(state)}{Since(facts, state)}.",
                IsOld(facts, state, now) ? Remedies.RecoverInstance : Remedies.Reconnect, ("state", States.Name(state))),
        };
    }

    private static ObservedFinding Connecting(string system, InstanceFacts facts, SystemThresholds thresholds, DateTimeOffset now)
    {
        var since = facts.Known is { State: InstanceState.Connecting } known ? known.Since : now;
        if (now - since <= TimeSpan.FromMinutes(thresholds.ConnectingMinutes))
            return Finding(system, facts, "instance_not_open", Severity.Medium,
                "WhatsApp is not connected: the instance is connecting.", null, ("state", "connecting"), ("since", Time(since)));
        // R-054: connecting without a pairing and without a QR code means that there is nothing to scan.
        var noQr = facts is { Listed.IsPaired: false, QrCodes: 0 };
        return Finding(system, facts, "instance_stuck_connecting", Severity.High,
            $"Stuck in connecting since {since:yyyy-MM-dd HH:mm} UTC, more than {thresholds.ConnectingMinutes} minutes{(noQr ? ", and no QR code appeared to pair with" : "")}.",
            facts.QrCodes > 0 ? Remedies.Reauthenticate : IsOld(facts, InstanceState.Connecting, now) ? Remedies.RecoverInstance : Remedies.RestartInstance,
            ("state", "connecting"), ("since", Time(since)), ("threshold_minutes", Text(thresholds.ConnectingMinutes)), ("qr_codes", Text(facts.QrCodes)));
    }

    private static int? Terminal(InstanceFacts facts) =>
        (facts.Listed?.DisconnectionReason ?? facts.Known?.DisconnectReason) is { } reason && DisconnectionReasons.IsTerminal(reason) ? reason : null;

    private static string Meaning(int reason) => reason switch
    {
        401 => ": the device was removed on the phone",
        403 => ": the account is blocked",
        _ => "",
    };

    private static bool IsOld(InstanceFacts facts, InstanceState? state, DateTimeOffset now) => facts.Known is { } known && known.State == state && now - known.Since > MildMeansFor;

    private static string Since(InstanceFacts facts, InstanceState? state) =>
        facts.Known is { } known && known.State == state ? string.Create(CultureInfo.InvariantCulture, $" since {known.Since:yyyy-MM-dd HH:mm} UTC") : "";

    private static ObservedFinding Finding(
        string system, InstanceFacts facts, string kind, Severity severity, string cause, string? remedy, params (string Name, string? Value)[] evidence) =>
        new(kind, Checks.Instances, system, facts.Gateway, facts.Tenant.Slug, facts.Instance, severity, cause, Evidence.Of(evidence), remedy);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}
