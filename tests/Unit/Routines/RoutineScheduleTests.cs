using System.Runtime.CompilerServices;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Tests.Unit.Routines;

public sealed class RoutineScheduleTests
{
    private static readonly TimeZoneInfo SaoPaulo = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");
    private static readonly TimeZoneInfo Lisbon = TimeZoneInfo.FindSystemTimeZoneById("Europe/Lisbon");

    [Fact]
    public void Six_in_the_morning_is_the_system_s_own_six()
    {
        var schedule = RoutineSchedule.Parse("0 6 * * *", SaoPaulo)!;
        Assert.Equal(At("2026-03-02T09:00:00Z"), schedule.Next(At("2026-03-02T08:59:59Z")));
        Assert.Equal(At("2026-03-03T09:00:00Z"), schedule.Next(At("2026-03-02T09:00:00Z")));
    }

    [Fact]
    public void It_is_due_from_its_second_on_and_not_again_once_settled()
    {
        var schedule = RoutineSchedule.Parse("0 6 * * *", SaoPaulo)!;
        var yesterday = At("2026-03-01T09:00:00Z");
        Assert.Null(schedule.Due(yesterday, At("2026-03-02T08:59:59Z")));
        Assert.Equal(At("2026-03-02T09:00:00Z"), schedule.Due(yesterday, At("2026-03-02T09:00:00Z")));
        Assert.Null(schedule.Due(At("2026-03-02T09:00:00Z"), At("2026-03-02T23:00:00Z")));
    }

    [Fact]
    public void However_many_times_were_missed_the_latest_one_is_made_up_for()
    {
        var schedule = RoutineSchedule.Parse("*/5 * * * *", SaoPaulo)!;
        Assert.Equal(At("2026-03-02T09:40:00Z"), schedule.Due(At("2025-01-01T00:00:00Z"), At("2026-03-02T09:44:59Z")));
    }

    [Fact]
    public void An_hour_that_spring_skips_is_taken_at_its_end_and_one_that_autumn_repeats_is_taken_once()
    {
        var schedule = RoutineSchedule.Parse("30 1 * * *", Lisbon)!;
        // 2026-03-29: 01:00 becomes 02:00. 2026-10-25: 02:00 becomes 01:00.
        Assert.Equal(At("2026-03-29T01:00:00Z"), schedule.Next(At("2026-03-28T12:00:00Z")));
        var autumn = schedule.Next(At("2026-10-24T12:00:00Z"));
        Assert.Equal(At("2026-10-25T00:30:00Z"), autumn);
        Assert.Equal(At("2026-10-26T01:30:00Z"), schedule.Next(autumn!.Value));
    }

    [Fact]
    public void Off_is_no_schedule() => Assert.Null(RoutineSchedule.Parse("off", Lisbon));

    [Fact]
    public void The_fleet_file_knows_exactly_the_routines_there_are_and_their_hours_are_hours()
    {
        var routines = typeof(IRoutine).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IRoutine)) && !type.IsAbstract)
            .Select(type => (IRoutine)RuntimeHelpers.GetUninitializedObject(type)).ToList();
        Assert.Equal(KnownRoutines.All.Order(StringComparer.Ordinal), routines.Select(routine => routine.Name).Order(StringComparer.Ordinal));
        Assert.All(routines, routine => Assert.NotNull(RoutineSchedule.Parse(routine.DefaultSchedule, SaoPaulo)));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
