using System.Globalization;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Diagnosis;

/// <summary>What can be told of the WhatsApp session.</summary>
internal static class SessionFacts
{
    // Evolution shows the first QR code within 2 s of connecting; later than this it is not late, it does not come.
    private static readonly TimeSpan QrDue = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<Fact> All { get; } =
    [
        new("instance.exists", ["there", "absent", "not_loaded", "unreadable"], Exists),
        new("instance.state", ["open", "connecting", "close", "refused", "unknown"], State),
        new("pairing.phase", ["qr_churn", "no_qr", "stuck", "young"], Pairing),
        new("close.reason", ["terminal", "replaced", "unpaired", "other"], Reason),
        new("disconnections.count", ["frequent", "few"], Disconnections),
    ];

    private static FactAnswer Exists(DiagnosisView view) => view switch
    {
        { Direct.Outcome: Outcome.Unauthorized or Outcome.Unreachable } => Answer("unreadable", ("direct_look", view.Direct.Detail)),
        { State: InstanceState.NotLoaded } => Answer("not_loaded"),
        // It is there, and whether it lives cannot be read.
        { State: InstanceState.Paired } => Answer("unreadable", ("direct_look", $"paired; {view.Direct?.Detail ?? "its gateway's database was not asked"}")),
        { State: not null } => Answer("there"),
        _ => Answer("absent"),
    };

    private static FactAnswer State(DiagnosisView view)
    {
        var word = view.State switch
        {
            InstanceState.Open => "open",
            InstanceState.Connecting => "connecting",
            InstanceState.Close => view.Known?.State == InstanceState.Refused ? "refused" : "close",
            InstanceState.Refused => "refused",
            _ => "unknown",
        };
        return FactAnswer.Of(word,
            ("listed", view.Listed is { } listed ? States.Name(listed.State) : "absent"), ("direct_look", view.Direct is { IsSeen: true } direct ? States.Name(direct.Value) : view.Direct?.Detail),
            ("since", view.Known is { } known && known.State == view.State ? Time(known.Since) : null), ("last_event", view.Known?.LastEventAt is { } last ? Time(last) : "never"));
    }

    private static FactAnswer Pairing(DiagnosisView view)
    {
        var thresholds = view.System.Thresholds;
        TimeSpan? connecting = view.Known is { State: InstanceState.Connecting } known ? view.Now - known.Since : null;
        var phase = view.QrCodes > thresholds.QrCodesPerHour ? "qr_churn"
            : view is { HasQr: false, Listed.IsPaired: false } && connecting > QrDue ? "no_qr"
            : connecting > TimeSpan.FromMinutes(thresholds.ConnectingMinutes) ? "stuck"
            : "young";
        return FactAnswer.Of(phase,
            ("connecting_minutes", connecting is { } time ? GatewayFacts.Text(time.TotalMinutes) : "unknown"), ("qr_codes_last_hour", GatewayFacts.Text(view.QrCodes)),
            ("qr_now", view.HasQr switch { true => "there", false => "none", null => null }), ("paired", view.Listed?.IsPaired == true ? "true" : "false"),
            ("threshold_minutes", GatewayFacts.Text(thresholds.ConnectingMinutes)), ("threshold_qr_codes", GatewayFacts.Text(thresholds.QrCodesPerHour)));
    }

    private static FactAnswer Reason(DiagnosisView view) => FactAnswer.Of(
        DisconnectionReasons.IsTerminal(view.Reason) ? "terminal" : view.Reason == 440 ? "replaced" : view.Listed is { MustPair: true } ? "unpaired" : "other",
        ("reason", view.Reason?.ToString(CultureInfo.InvariantCulture) ?? "none known"), ("disconnected_at", view.Listed?.DisconnectedAt is { } at ? Time(at) : null));

    private static FactAnswer Disconnections(DiagnosisView view) => FactAnswer.Of(
        view.Disconnections > view.System.Thresholds.Disconnections ? "frequent" : "few",
        ("disconnections", GatewayFacts.Text(view.Disconnections)), ("threshold", GatewayFacts.Text(view.System.Thresholds.Disconnections)), ("window_hours", GatewayFacts.Text(view.System.Thresholds.DisconnectionWindowHours)));

    private static FactAnswer Answer(string word, params (string, string?)[] evidence) => FactAnswer.Of(word, evidence);

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}
