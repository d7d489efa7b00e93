using System.Text.Json;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>The course of memory: growth is told from the leaps of a garbage collector, a jump from growth.</summary>
public sealed class MemoryTrendTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(50, 50, nameof(MemoryCourse.Steady))]
    [InlineData(50, 52, nameof(MemoryCourse.Steady))]
    [InlineData(50, 56, nameof(MemoryCourse.Growing))]
    [InlineData(50, 90, nameof(MemoryCourse.Growing))]
    [InlineData(90, 50, nameof(MemoryCourse.Steady))]
    public void What_rises_by_more_than_a_twentieth_grows(double first, double last, string course) =>
        Assert.Equal(course, MemoryTrend.Of(Line(first, last, TimeSpan.FromHours(6)), null, Now).Course.ToString());

    [Fact]
    public void The_leaps_of_a_garbage_collector_are_no_growth()
    {
        var saw = Enumerable.Range(0, 360).Select(minute => new Sample(Now.AddMinutes(minute - 359), 40 + (minute % 45))).ToArray();
        Assert.Equal(MemoryCourse.Steady, MemoryTrend.Of(saw, null, Now).Course);
        // The same leaps, which fall back less and less far.
        Assert.Equal(MemoryCourse.Growing, MemoryTrend.Of([.. saw.Select((sample, at) => sample with { Value = sample.Value + (at / 10.0) })], null, Now).Course);
    }

    [Fact]
    public void A_jump_of_the_last_hour_is_no_growth()
    {
        var jump = Line(50, 50, TimeSpan.FromHours(6)).Select(sample => sample.At > Now.AddMinutes(-50) ? sample with { Value = 75 } : sample).ToArray();
        Assert.Equal("6 h ago 50 %, now 75 %: it jumped within the last 2 h", MemoryTrend.Of(jump, null, Now).Words("container.memory.percent"));
        var small = jump.Select(sample => sample.Value > 50 ? sample with { Value = 51 } : sample).ToArray();
        Assert.Equal(MemoryCourse.Steady, MemoryTrend.Of(small, null, Now).Course);
    }

    [Fact]
    public void Less_than_half_an_hour_and_parts_without_a_look_tell_no_course()
    {
        Assert.Equal("29 min ago 50 %, now 90 %: too little is known to tell its course", MemoryTrend.Of(Line(50, 90, TimeSpan.FromMinutes(29)), null, Now).Words("bot.memory.percent"));
        Assert.Equal(MemoryCourse.Growing, MemoryTrend.Of(Line(50, 90, TimeSpan.FromMinutes(31)), null, Now).Course);
        Assert.Equal(MemoryCourse.Unknown, MemoryTrend.Of([.. Line(50, 90, TimeSpan.FromHours(6)).Where(sample => sample.At < Now.AddHours(-4) || sample.At > Now.AddHours(-1))], null, Now).Course);
        Assert.Equal("nothing is known of the last hours", MemoryTrend.Of([], null, Now).Words("bot.memory.percent"));
    }

    [Fact]
    public void Growth_is_told_by_the_hour_with_the_time_until_it_is_full()
    {
        Assert.Equal("6 h ago 60 %, now 90 %: it grows by 5 % an hour, and is full in 2 h", MemoryTrend.Of(Line(60, 90, TimeSpan.FromHours(6)), null, Now).Words("container.memory.percent"));
        Assert.Equal("6 h ago 600 MB, now 900 MB: it grows by 50 MB an hour", MemoryTrend.Of(Line(600, 900, TimeSpan.FromHours(6)), null, Now).Words("bot.memory.megabytes"));
        Assert.Equal("6 h ago 1 MB, now 2 MB", MemoryTrend.Of(Line(1 << 20, 2 << 20, TimeSpan.FromHours(6)), null, Now).Words("container.memory.used.bytes").Split(':')[0]);
    }

    /// <summary>A leak that kills every two hours is no steady need: only what the running process used counts.</summary>
    [Fact]
    public void What_was_used_before_the_last_start_is_another_process()
    {
        var saw = Enumerable.Range(0, 331).Select(minute => new Sample(Now.AddMinutes(minute - 330), 20 + (minute % 120 * 0.65))).ToArray();
        Sample[] uptimes = [.. saw.Select((sample, minute) => new Sample(sample.At, minute % 120 * 60))];
        var trend = MemoryTrend.Of(saw, uptimes, Now);
        Assert.Equal((MemoryCourse.Growing, TimeSpan.FromMinutes(90)), (trend.Course, trend.StartedAgo));
        Assert.Equal("started 90 min ago; 90 min ago 20 %, now 78.5 %: it grows by 39 % an hour, and is full in 33 min", trend.Words("container.memory.percent"));
        Assert.Equal(MemoryCourse.Steady, MemoryTrend.Of(saw, null, Now).Course);
        Assert.Equal(MemoryCourse.Unknown, MemoryTrend.Of(saw, [new(Now, 600)], Now).Course);
        Assert.Equal("it was started 10 min ago, and nothing is known since", MemoryTrend.Of([], [new(Now, 600)], Now).Words("bot.memory.percent"));
        // One that has run for longer than anybody looked, and one that says nonsense.
        Assert.Null(MemoryTrend.Of(saw, [new(Now, 1e6)], Now).StartedAgo);
        Assert.Null(MemoryTrend.Of(saw, [new(Now, 1e300)], Now).StartedAgo);
    }

    [Fact]
    public void Processes_are_read_by_the_names_of_their_columns_the_largest_first()
    {
        using var answer = JsonDocument.Parse("""{"Titles":["PID","RSS","COMMAND"],"Processes":[["1","2048","sh"],["7","390144","node"],["8","-","x"],["9","1"]]}""");
        Assert.Equal([new ContainerProcess("7", "node", 390144), new ContainerProcess("1", "sh", 2048)], ContainerProcesses.Read(answer.RootElement));
        using var other = JsonDocument.Parse("""{"Titles":["UID","CMD"],"Processes":[["0","sh --password=x"]]}""");
        Assert.Empty(ContainerProcesses.Read(other.RootElement));
    }

    private static Sample[] Line(double first, double last, TimeSpan span)
    {
        var minutes = (int)span.TotalMinutes;
        // The first one is just within reach.
        return [.. Enumerable.Range(0, minutes + 1).Select(minute => new Sample(Now.AddMinutes(minute - minutes).AddTicks(minute == 0 ? 1 : 0), first + ((last - first) * minute / minutes)))];
    }
}
