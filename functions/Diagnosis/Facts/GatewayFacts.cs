using System.Globalization;
using WhatsOps.Gateways;

namespace WhatsOps.Diagnosis;

/// <summary>What can be told of the tenant's gateway.</summary>
internal static class GatewayFacts
{
    /// <summary>Percent of calls that must have succeeded lately; the manual's number for an error rate.</summary>
    public const double StablePercent = 95;

    private const int EnoughToFall = 3;

    public static IReadOnlyList<Fact> All { get; } =
    [
        // The list proves the key; a 404 on one name would come before it is even looked at.
        new("gateway.key", ["accepted", "refused", "no_key", "unreachable", "unknown_gateway"], Key),
        new("gateway.stability", ["stable", "unstable"], Stability),
        new("gateway.neighbours", ["alone", "together"], Neighbours),
    ];

    private static FactAnswer Key(DiagnosisView view) => view.Gateway switch
    {
        null => FactAnswer.Of("unknown_gateway", ("api_url", view.Tenant?.Integration?.ApiUrl is null ? "none" : "of no gateway in the fleet file")),
        { Problem: { } problem } => FactAnswer.Of("no_key", ("problem", problem)),
        { List: { Outcome: Outcome.Seen } list } gateway => FactAnswer.Of("accepted", ("instances", Text(gateway.Instances.Count)), ("took_ms", Text(list.Took.TotalMilliseconds)), ("version", gateway.Probe?.Value?.Version)),
        { List: { Outcome: Outcome.Unauthorized } list } => FactAnswer.Of("refused", ("list", list.Detail)),
        { } gateway => FactAnswer.Of("unreachable", ("list", gateway.List?.Detail ?? "no answer"), ("welcome_page", gateway.Probe is { IsSeen: true } ? "answers" : "does not answer")),
    };

    private static FactAnswer Stability(DiagnosisView view)
    {
        var percent = view.Lately.SuccessPercent;
        // GET / asks web.whatsapp.com: with it failing the gateway cannot get out.
        var isStable = view.Gateway?.Probe is { IsSeen: true } && (percent is null or >= StablePercent);
        return FactAnswer.Of(isStable ? "stable" : "unstable",
            ("welcome_page", view.Gateway?.Probe is { IsSeen: true } ? "answers" : view.Gateway?.Probe?.Detail ?? "does not answer"),
            ("calls", Text(view.Lately.Calls)), ("success_percent", percent is { } known ? Text(known) : null), ("threshold_percent", Text(StablePercent)));
    }

    private static FactAnswer Neighbours(DiagnosisView view)
    {
        var (fallen, all) = view.Neighbours;
        var together = fallen >= EnoughToFall && fallen * 100 >= view.System.Thresholds.CorrelatedFailurePercent * all;
        return FactAnswer.Of(together ? "together" : "alone",
            ("fallen", Text(fallen)), ("instances", Text(all)), ("threshold_percent", Text(view.System.Thresholds.CorrelatedFailurePercent)));
    }

    public static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
