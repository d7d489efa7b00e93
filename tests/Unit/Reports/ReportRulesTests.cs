using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Moq;
using WhatsOps.Fleet;
using WhatsOps.Reports;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Unit.Reports;

public sealed class ReportRulesTests
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 11, 20, 0, TimeSpan.Zero);
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution" };

    [Theory]
    [Capability("R-071")]
    [InlineData(5000, false)]
    [InlineData(5000.1, true)]
    public void Answers_above_5_seconds_on_average_are_slow(double averageMs, bool isSlow)
    {
        var report = Report(100, 100, (decimal)averageMs);
        Assert.Equal(isSlow, PerformanceFindings.Judge(System, report).Any(finding => finding.Kind == "performance_slow"));
    }

    [Theory]
    [Capability("R-072")]
    [InlineData(1000, 950, false)]
    [InlineData(1000, 949, true)]
    // As rounded it would be 95%.
    [InlineData(1_000_000, 949_999, true)]
    [InlineData(0, 0, false)]
    public void Fewer_than_95_percent_successes_are_too_few(long requests, long successes, bool tooFew)
    {
        var report = Report(requests, successes, 10);
        Assert.Equal(tooFew, PerformanceFindings.Judge(System, report).Any(finding => finding.Kind == "performance_errors"));
    }

    [Fact]
    [Capability("R-075")]
    public void A_finding_of_errors_names_the_most_frequent_types()
    {
        var finding = Assert.Single(PerformanceFindings.Judge(System, Report(100, 50, 10, new CountOf("http_500", 40), new CountOf("unknown", 10))));
        Assert.Contains("http_500 40, unknown 10", finding.Cause, StringComparison.Ordinal);
        Assert.Equal("http_500 40, unknown 10", finding.Evidence["errors"]);
    }

    [Theory]
    [Capability("R-108")]
    [InlineData(995, 5, 1000, true)]
    [InlineData(994.9, 5.1, 1000, false)]
    [InlineData(899, 0, 1000, null)]
    [InlineData(900, 0, 1000, true)]
    // Seen for an hour of a day, and down for longer in it than the whole day may be.
    [InlineData(995, 5, 24_000, null)]
    [InlineData(800, 121, 24_000, false)]
    [InlineData(800, 120, 24_000, null)]
    [InlineData(0, 0, 1000, null)]
    [InlineData(0, 0, 0, null)]
    public void A_promise_is_kept_at_exactly_its_percentage_where_enough_was_seen(double up, double down, double window, bool? kept) =>
        Assert.Equal(kept, new Uptime((decimal)up, (decimal)down, (decimal)window).Keeps(99.5m));

    [Theory]
    [InlineData("agent", null, 99.9)]
    [InlineData("bot", null, 99.5)]
    [InlineData("evolution", null, 99.5)]
    [InlineData("agent", 99.0, 99.0)]
    public void What_is_promised_is_the_fleet_files_number_or_that_of_the_kind(string kind, double? own, double promised) =>
        Assert.Equal((decimal)promised, new FleetSystem { Name = "a", Kind = kind, Thresholds = new() { SlaPercent = (decimal?)own } }.SlaPercent());

    [Fact]
    public void Uptime_without_any_seen_time_is_not_known()
    {
        Assert.Equal((null, null), (new Uptime(0, 0, 0).Percent, new Uptime(0, 0, 0).CoveragePercent));
        Assert.Equal((null, 0m), (new Uptime(0, 0, 100).Percent, new Uptime(0, 0, 100).CoveragePercent));
        Assert.Equal((75m, 40m), (new Uptime(30, 10, 100).Percent, new Uptime(30, 10, 100).CoveragePercent));
    }

    [Fact]
    public void A_trend_has_a_change_only_where_there_was_something()
    {
        Assert.Equal(-25m, new Trend("x", "", 75, 100).ChangePercent);
        Assert.Null(new Trend("x", "", 75, 0).ChangePercent);
        Assert.Null(new Trend("x", "", null, 100).ChangePercent);
        Assert.Null(new Trend("x", "", 75, null).ChangePercent);
    }

    [Fact]
    public void Windows_are_whole_hours_and_months_are_those_of_the_zone()
    {
        Assert.Equal(new ReportWindow(new(2026, 2, 22, 11, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero)), ReportWindow.Days(Now, 7));
        Assert.Equal(new ReportWindow(new(2026, 2, 1, 3, 0, 0, TimeSpan.Zero), new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero)), ReportWindow.Month(Now, SaoPaulo, 1));
        // 23:30 of 28 February there.
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.Zero), ReportWindow.Month(new(2026, 3, 1, 2, 30, 0, TimeSpan.Zero), SaoPaulo, 1).From);
        // Cuba's clocks went forward at midnight of 1 April 2012: that month began at 01:00.
        var havana = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");
        Assert.Equal(new DateTimeOffset(2012, 4, 1, 5, 0, 0, TimeSpan.Zero), ReportWindow.Month(new(2012, 5, 10, 0, 0, 0, TimeSpan.Zero), havana, 1).From);
    }

    [Theory]
    [InlineData("days=0", "days")]
    [InlineData("days=401", "days")]
    [InlineData("days=x", "days")]
    [InlineData("from=2026-03-01T11:00:00Z", "from")]
    [InlineData("from=2024-01-01", "from")]
    [InlineData("from=2026-02-01&days=3", "days")]
    [InlineData("to=2026-03-01T11:20:01Z", "to")]
    [InlineData("to=yesterday", "to")]
    public void A_window_that_makes_no_sense_is_refused_by_name(string query, string field)
    {
        var problem = Assert.Throws<ProblemException>(() => ReportRequests.Window(Query(query), Maker(), SaoPaulo, Now));
        Assert.Equal((400, field), (problem.Status, problem.Field));
    }

    [Theory]
    [InlineData("", 7 * 24)]
    [InlineData("days=1", 24)]
    [InlineData("days=400", 400 * 24)]
    [InlineData("from=2026-03-01T09:59:00Z", 2)]
    public void A_window_is_what_was_asked_for_in_whole_hours(string query, int hours) =>
        Assert.Equal(hours * 60, ReportRequests.Window(Query(query), Maker(), SaoPaulo, Now).Minutes);

    private static IReportMaker Maker()
    {
        var maker = new Mock<IReportMaker>();
        maker.Setup(m => m.Window(It.IsAny<DateTimeOffset>(), It.IsAny<TimeZoneInfo>())).Returns((DateTimeOffset at, TimeZoneInfo _) => ReportWindow.Days(at, 7));
        return maker.Object;
    }

    private static QueryCollection Query(string query) =>
        new(query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => new StringValues(pair[1])));

    private static PerformanceReport Report(long requests, long successes, decimal averageMs, params CountOf[] errors) => new(
        SampleReports.Performance.Head, [new("gateway_calls", requests, successes, Uptime.Share(successes, requests), 0, averageMs, 20, errors, [], [])]);
}
