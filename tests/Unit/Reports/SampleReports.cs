using WhatsOps.Reports;

namespace WhatsOps.Tests.Unit.Reports;

/// <summary>One report of each kind over fixed data, with names that a page and a sheet must survive.</summary>
internal static class SampleReports
{
    public static readonly PerformanceReport Performance = new(Head("performance", "The product has no table api_logs (or WhatsOps may not read it), so its own calls are not in this report."),
    [
        new("gateway_calls", 1234, 1200, 97.24m, 12, 184.3m, 912,
            [new("http_500", 22), new("no_answer", 12)],
            [new("padaria", 2210.5m, 40), new("=HYPERLINK(\"x\")", 950m, 7), new("<b>açaí</b> & cia", 180m, 12)],
            [new(new(2026, 2, 23), 600, 30), new(new(2026, 2, 24), 0, 0), new(new(2026, 2, 25), 634, 4)]),
        new("api_logs", 0, 0, null, 0, null, null, [], [], []),
    ]);

    public static readonly UsageReport Usage = new(
        Head("usage"), 12, 11, 9, 31, 17, 3, new(990_000, 10_000, 1_200_000), [new("padaria", 5400), new("acougue", 12)], [new("no_answer", 4)], [new("instance_not_open", 6)]);

    public static readonly UsageReport UsageUnread = new(
        Head("usage", "The product's database could not be asked for product_database (NpgsqlException)."), null, null, null, 0, 0, 0, new(0, 0, 0), [], [], []);

    public static readonly WeeklyReport Weekly = new(Head("weekly", "SEND_MESSAGE is not subscribed, so messages out are not known."), 99.5m, new(1_190_000, 9_000, 1_209_600),
    [
        new("acougue", 99.5m, 100, 50.4m, 50.4m, true, 120, null, 0, 2, 0),
        new("feira", 100, 0.6m, 0, 50.4m, null, 9, null, 0, 0, 0),
        new("padaria", 98.01m, 96.5m, 99.6m, 50.4m, false, 3000, null, 2, 14, 3),
        new("unseen", null, 0, 0, 50.4m, null, 0, null, 0, 0, 0),
    ]);

    public static readonly MonthlyReport Monthly = new(
        Head("monthly"), new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero),
        [new("requests", "", 1500, 1000), new("uptime", "%", 99.1m, 99.6m), new("average response time", "ms", null, 200), new("messages out", "", 5, 0)],
        [new(new(2026, 2, 1), 800, 8), new(new(2026, 2, 2), 700, 0)]);

    public static TheoryData<string> Names => ["performance", "usage", "usage-unread", "weekly", "monthly"];

    public static IReport Of(string name) => name switch
    {
        "performance" => Performance,
        "usage" => Usage,
        "usage-unread" => UsageUnread,
        "weekly" => Weekly,
        _ => Monthly,
    };

    private static ReportHead Head(string kind, params string[] notes) => new(
        kind, "revalya", new(2026, 2, 22, 11, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero), "America/Sao_Paulo", new(2026, 3, 1, 11, 0, 30, TimeSpan.Zero), notes);
}
