namespace WhatsOps.Diagnosis;

/// <summary>What can be told from the numbers of calls .</summary>
internal static class PerformanceFacts
{
    public const double SlowMs = 5000;
    public const double LeastSuccessPercent = 95;

    public static IReadOnlyList<Fact> All { get; } =
    [
        new("performance.sample", ["some", "none"], view => FactAnswer.Of(view.Performance.Calls > 0 ? "some" : "none", ("calls", GatewayFacts.Text(view.Performance.Calls)))),
        new("performance.average", ["slow", "fast"], view => FactAnswer.Of(
            view.Performance.AverageMs > SlowMs ? "slow" : "fast", ("average_ms", Number(view.Performance.AverageMs)), ("threshold_ms", GatewayFacts.Text(SlowMs)), ("calls", GatewayFacts.Text(view.Performance.Calls)))),
        new("performance.success", ["low", "good"], view => FactAnswer.Of(
            view.Performance.SuccessPercent < LeastSuccessPercent ? "low" : "good", ("success_percent", Number(view.Performance.SuccessPercent)), ("threshold_percent", GatewayFacts.Text(LeastSuccessPercent)))),
        new("performance.errors", ["timeout", "no_connection", "unauthorized", "http_5xx", "other"], Errors),
        new("performance.timeouts", ["some", "none"], view => FactAnswer.Of(view.Performance.TimedOut > 0 ? "some" : "none", ("timeouts", GatewayFacts.Text(view.Performance.TimedOut)))),
        new("performance.status", ["slow", "fast"], view => FactAnswer.Of(
            view.Performance.StatusMs > SlowMs ? "slow" : "fast", ("p95_of_lists_and_states_ms", Number(view.Performance.StatusMs)), ("threshold_ms", GatewayFacts.Text(SlowMs)))),
    ];

    private static FactAnswer Errors(DiagnosisView view)
    {
        var worst = view.Performance.Errors is [var first, ..] ? first.Type : null;
        return FactAnswer.Of(
            worst is "timeout" or "no_connection" or "unauthorized" or "http_5xx" ? worst : "other",
            [.. view.Performance.Errors.Select(error => (error.Type, (string?)GatewayFacts.Text(error.Count)))]);
    }

    private static string Number(double? number) => number is { } known ? GatewayFacts.Text(known) : "none";
}
