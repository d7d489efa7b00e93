using CsCheck;
using Microsoft.Extensions.Configuration;
using WhatsOps.Embedded.Timers;

namespace WhatsOps.Tests.Unit.Embedded;

public sealed class TimerScheduleTests
{
    private static readonly IConfiguration Settings = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Nightly"] = "0 30 2 * * *", ["Sweep:Every"] = "00:05:00" }).Build();

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-10T12:00:00Z", "2026-03-10T12:05:00Z")]
    [InlineData("0 */5 * * * *", "2026-03-10T12:04:59.999Z", "2026-03-10T12:05:00Z")]
    [InlineData("*/15 * * * * *", "2026-03-10T12:00:01Z", "2026-03-10T12:00:15Z")]
    [InlineData("0 0 3 * * 1", "2026-03-10T12:00:00Z", "2026-03-16T03:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-03-10T12:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 9-17 * * Mon-Fri", "2026-03-13T17:00:00Z", "2026-03-16T09:00:00Z")]
    [InlineData("%Nightly%", "2026-03-10T12:00:00Z", "2026-03-11T02:30:00Z")]
    [InlineData("%Sweep__Every%", "2026-03-10T12:01:07Z", "2026-03-10T12:06:07Z")]
    [InlineData("01:30:00", "2026-03-10T12:00:00Z", "2026-03-10T13:30:00Z")]
    public void The_next_occurrence_is_in_UTC_and_after_the_given_moment(string expression, string after, string expected) =>
        Assert.Equal(Moment(expected), Parse(expression).Next(Moment(after)));

    [Theory]
    [InlineData("*/5 * * * *")]
    [InlineData("0 0 25 * * *")]
    [InlineData("0 0 0 31 2 *")]
    [InlineData("00:00:00")]
    [InlineData("-00:05:00")]
    [InlineData("24:00:00")]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("%Missing%")]
    public void What_is_no_schedule_is_refused_with_a_reason(string expression)
    {
        var problems = new List<string>();
        Assert.False(TimerSchedule.TryParse(expression, Settings, problems.Add, out _));
        Assert.Contains(expression, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("* * * * * *", true)]
    [InlineData("00:00:30", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:01:00", false)]
    public void Schedules_under_a_minute_are_short(string expression, bool isShort) =>
        Assert.Equal(isShort, Parse(expression).IsShort(Moment("2026-03-10T12:00:00Z")));

    [Fact]
    public void Occurrences_always_advance_and_none_lies_between_two()
    {
        var schedules = new[] { "0 */5 * * * *", "13 7 */2 * * *", "0 0 4 1,15 * *", "30 30 12 * * 0" }.Select(Parse).ToArray();
        Gen.Select(Gen.Int[0, schedules.Length - 1], Gen.Int[0, 40_000_000], Gen.Double[0, 1]).Sample((which, seconds, share) =>
        {
            var after = Moment("2026-01-01T00:00:00Z").AddSeconds(seconds);
            var next = schedules[which].Next(after);
            var between = after + ((next - after) * share);
            return next > after && (between == next || schedules[which].Next(between) == next);
        });
    }

    private static TimerSchedule Parse(string expression)
    {
        Assert.True(TimerSchedule.TryParse(expression, Settings, problem => Assert.Fail(problem), out var schedule));
        return schedule;
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
