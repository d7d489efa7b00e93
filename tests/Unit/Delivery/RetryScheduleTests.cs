using CsCheck;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Delivery;

public sealed class RetryScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliveryStanding Fresh = new(DeliveryStanding.Pending, false, 0, 0, null, Start, null, null);

    /// <summary>Any course of answers, chances, wishes and delays beyond what was planned.</summary>
    private static readonly Gen<(int Status, double Chance, int? Wish, int LateSeconds)[]> Courses =
        Gen.Select(Gen.OneOf(0, 302, 400, 404, 408, 410, 425, 429, 500, 502, 503), Gen.Double.Unit, Gen.Int[-50_000, 100_000].Select(wish => wish < 0 ? (int?)null : wish), Gen.Int[0, 600])
            .Array[1, 200];

    [Fact]
    public void Every_course_waits_within_its_bounds_and_ends_where_it_should() => Courses.Sample(course =>
    {
        var (standing, now) = (Fresh, Start);
        foreach (var (status, chance, wish, late) in course)
        {
            var before = standing;
            var answer = new DeliveryAnswer(status == 0 ? null : status, "no", wish is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            standing = new RetrySchedule(() => chance).After(before, answer, now);
            Assert.Equal((before.Attempts + 1, before.FirstAttemptAt ?? now), (standing.Attempts, standing.FirstAttemptAt!.Value));
            Assert.Equal(before.Refusals + (answer.Verdict == DeliveryVerdict.Refused ? 1 : 0), standing.Refusals);
            if (standing.State == DeliveryStanding.Dead)
            {
                Assert.True(standing.Refusals == RetrySchedule.MaxRefusals || (standing.Attempts >= RetrySchedule.LeastAttempts && now - standing.FirstAttemptAt >= RetrySchedule.GiveUpAfter));
                return;
            }

            Assert.True(standing.Refusals < RetrySchedule.MaxRefusals);
            Assert.True(standing.Attempts < RetrySchedule.LeastAttempts || now - standing.FirstAttemptAt < RetrySchedule.GiveUpAfter);
            var wait = standing.NextAttemptAt - now;
            var planned = Math.Min(5 * Math.Pow(2, before.Attempts), 1800);
            Assert.True(wait.TotalSeconds >= planned * 0.8 - 0.001);
            Assert.True(wait.TotalSeconds <= Math.Max(planned * 1.2, Math.Min(wish ?? 0, 3600)) + 0.001);
            if (wish is { } wished) Assert.True(wait.TotalSeconds >= Math.Min(wished, 3600) - 0.001);
            Assert.Equal(before.IsAside || (answer.Verdict == DeliveryVerdict.Failed && standing.Attempts >= RetrySchedule.AttemptsInOrder), standing.IsAside);
            now = standing.NextAttemptAt.AddSeconds(late);
        }
    });

    [Theory]
    [InlineData(0.0, 60, 24)]
    [InlineData(0.5, 55, 24)]
    [InlineData(1.0, 45, 24)]
    public void A_product_that_is_away_is_tried_for_a_day(double chance, int leastAttempts, int hours)
    {
        var (standing, now) = (Fresh, Start);
        var schedule = new RetrySchedule(() => chance);
        while ((standing = schedule.After(standing, new(503, "HTTP 503"), now)).State == DeliveryStanding.Pending) now = standing.NextAttemptAt;
        Assert.InRange(now - Start, TimeSpan.FromHours(hours), TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(36));
        Assert.True(standing.Attempts >= leastAttempts - 10, $"{standing.Attempts}");
        Assert.False(standing.IsAside);
    }

    [Theory]
    [InlineData(200, "Delivered")]
    [InlineData(204, "Delivered")]
    [InlineData(299, "Delivered")]
    [InlineData(300, "Unavailable")]
    [InlineData(399, "Unavailable")]
    [InlineData(400, "Refused")]
    [InlineData(401, "Refused")]
    [InlineData(408, "Unavailable")]
    [InlineData(410, "Refused")]
    [InlineData(425, "Unavailable")]
    [InlineData(429, "Unavailable")]
    [InlineData(499, "Refused")]
    [InlineData(500, "Failed")]
    [InlineData(502, "Unavailable")]
    [InlineData(503, "Unavailable")]
    [InlineData(504, "Unavailable")]
    [InlineData(505, "Failed")]
    [InlineData(null, "Unavailable")]
    public void A_status_says_something_of_the_event_or_of_the_product(int? status, string verdict) =>
        Assert.Equal(verdict, new DeliveryAnswer(status, null).Verdict.ToString());
}
